//! How long products may stand: a bound for each, and one for all.

use crate::command_error::CommandError;
use compute_catalog::cfn::Template;
use compute_catalog::product::Key;
use std::time::Duration;

/// What launching, using and ending takes beside waiting for signals.
const REST: Duration = Duration::from_secs(15 * 60);

/// For how long one of a template may stand: what its machines may take until they signal, and the rest.
///
/// # Errors
/// A time to wait that isn't one.
pub(super) fn bound(template: &Template) -> Result<Duration, String> {
    let mut bound = REST;
    for (logical_id, resource) in &template.resources {
        let policy = resource.creation_policy.as_ref();
        let signal = policy.and_then(|policy| policy.get("ResourceSignal"));
        if let Some(signal) = signal {
            // Five minutes where none is said.
            let text = signal.get("Timeout").and_then(|one| one.scalar_text());
            let text = text.unwrap_or_else(|| "PT5M".to_owned());
            bound += duration(&text).ok_or_else(|| {
                format!("{logical_id} waits for signals for `{text}`, which is no duration")
            })?;
        }
    }
    Ok(bound)
}

/// `PT1H30M`: hours, minutes and seconds.
fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix("PT")?;
    let mut seconds = 0;
    for (unit, length) in [('H', 3600), ('M', 60), ('S', 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            seconds += number.parse::<u64>().ok()?.checked_mul(length)?;
            rest = after;
        }
    }
    (rest.is_empty() && text.len() > 2).then(|| Duration::from_secs(seconds))
}

/// Refuses what may take longer than it may.
///
/// # Errors
/// A budget that isn't one, or that what is wanted doesn't fit in.
pub(super) fn check(bounds: &[(Key, Duration)], hours: f64) -> Result<(), CommandError> {
    if !(hours > 0.0 && hours < 1000.0) {
        return Err(
            CommandError::input(format!("`--hours {hours}` is no budget"))
                .hint("give hours, such as `--hours 4`"),
        );
    }
    let needed: Duration = bounds.iter().map(|(_, bound)| *bound).sum();
    if needed.as_secs_f64() <= hours * 3600.0 {
        return Ok(());
    }
    let failure = CommandError::new(format!(
        "nothing is launched: products may stand for {:.2} hours in all, and the budget is {hours}",
        needed.as_secs_f64() / 3600.0
    ));
    let failure = bounds.iter().fold(failure, |failure, (key, bound)| {
        failure.because(format!("{key}: at most {} minutes", bound.as_secs() / 60))
    });
    Err(failure.hint("name fewer products, or give more with `--hours`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_cloudformation_writes_them() {
        let minutes = |text| duration(text).map(|one| one.as_secs() / 60);
        assert_eq!(minutes("PT15M"), Some(15));
        assert_eq!(minutes("PT1H30M"), Some(90));
        assert_eq!(minutes("PT120S"), Some(2));
        for wrong in ["", "PT", "15M", "PT15", "P1D", "PTxM"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_doesn_t_fit_is_refused_with_what_each_needs() {
        let bounds = [
            ("machine".parse().unwrap(), Duration::from_secs(45 * 60)),
            ("bucket".parse().unwrap(), Duration::from_secs(15 * 60)),
        ];
        assert!(check(&bounds, 1.0).is_ok());
        let refused = check(&bounds, 0.9).unwrap_err();
        assert!(
            refused
                .causes
                .contains(&"machine: at most 45 minutes".to_owned())
        );
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(check(&bounds, wrong).is_err(), "{wrong}");
        }
    }
}

//! `schedule`: a schedule is one that EventBridge takes.

use super::super::{Check, Report, Rule, Severity, Subject};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "schedule",
    severity: Severity::Error,
    what: "A schedule is one that EventBridge takes: `rate(2 hours)`, `cron(0 12 * * ? *)`, `at(2030-01-01T00:00:00)`.",
    why: "EventBridge refuses it in the middle of a launch.",
    fix: "rate has a number and its unit, singular for 1; cron has six fields, one of the days is `?`; at is for EventBridge Scheduler",
    source: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (kind, is_scheduler) in [
        ("AWS::Events::Rule", false),
        ("AWS::Scheduler::Schedule", true),
    ] {
        for view in subject.of_type(kind) {
            if let Some(text) = view.text(&["ScheduleExpression"])
                && let Some(fault) = fault(&text, is_scheduler)
            {
                let at = view.path(&["ScheduleExpression"]);
                report.at(at, format!("`{text}` is no schedule: {fault}"));
            }
        }
    }
}

/// Why EventBridge refuses a schedule.
fn fault(text: &str, is_scheduler: bool) -> Option<String> {
    let inside = |kind: &str| {
        text.strip_prefix(kind)?
            .strip_prefix('(')?
            .strip_suffix(')')
    };
    if let Some(rate) = inside("rate") {
        return rate_fault(rate);
    }
    if let Some(cron) = inside("cron") {
        return cron_fault(cron);
    }
    match inside("at") {
        Some(time) if is_scheduler => time_fault(time),
        Some(_) => Some("only EventBridge Scheduler takes `at`".to_owned()),
        None => Some("it is `rate(…)` or `cron(…)`".to_owned()),
    }
}

fn rate_fault(rate: &str) -> Option<String> {
    let mut words = rate.split(' ');
    let (Some(number), Some(unit), None) = (words.next(), words.next(), words.next()) else {
        return Some("a rate is a number and a unit".to_owned());
    };
    let number = match number.parse::<u32>() {
        Ok(number) if number > 0 => number,
        _ => return Some(format!("`{number}` is no number from 1")),
    };
    let singular = ["minute", "hour", "day"];
    let base = unit.strip_suffix('s').unwrap_or(unit);
    if !singular.contains(&base) {
        return Some(format!("`{unit}` is no unit: minutes, hours or days"));
    }
    match (number, unit == base) {
        (1, false) => Some(format!("1 goes with `{base}`")),
        (2.., true) => Some(format!("{number} goes with `{base}s`")),
        _ => None,
    }
}

/// A field: its name, its least and greatest number, the names that stand for numbers.
type Field = (&'static str, u32, u32, &'static [&'static str]);

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: [Field; 6] = [
    ("minutes", 0, 59, &[]),
    ("hours", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, &MONTHS),
    ("day of the week", 1, 7, &DAYS),
    ("year", 1970, 2199, &[]),
];

fn cron_fault(cron: &str) -> Option<String> {
    let words: Vec<&str> = cron.split_whitespace().collect();
    if words.len() != FIELDS.len() {
        return Some(format!(
            "cron has six fields, with the year, and here are {}",
            words.len()
        ));
    }
    for (index, (word, field)) in words.iter().zip(FIELDS).enumerate() {
        let is_day = matches!(index, 2 | 4);
        if let Some(fault) = field_fault(word, &field, is_day) {
            return Some(fault);
        }
    }
    match (words[2], words[4]) {
        ("?", "?") => Some("one of the two days says when".to_owned()),
        ("?", _) => None,
        (days, "?") => never_comes(days, words[3]),
        _ => Some("one of day of the month and day of the week is `?`".to_owned()),
    }
}

/// Days of the month that none of the months has. EventBridge's page names the fields one by one: whether it
/// refuses such a schedule or never acts by it, nobody means it.
fn never_comes(days: &str, months: &str) -> Option<String> {
    let first = |part: &str| {
        let digits = |letter: char| !letter.is_ascii_digit();
        part.split(digits).next().and_then(|day| day.parse().ok())
    };
    // The last day is in each month, and so is the first of all days.
    let earliest: u32 = days.split(',').map(|part| first(part).unwrap_or(1)).min()?;
    let longest = months.split(',').map(longest_of).max()?;
    (earliest > longest)
        .then(|| format!("no month of `{months}` has a day {earliest}: it never comes"))
}

/// How many days the longest of some months has.
fn longest_of(months: &str) -> u32 {
    let (months, step) = match months.split_once('/') {
        Some((months, step)) => (months, step.parse().unwrap_or(1)),
        None => (months, 1),
    };
    let (from, to) = match months.split_once('-') {
        Some((from, to)) => (number(from, &MONTHS), number(to, &MONTHS)),
        // `2/3`: from February on, each third.
        None if step > 1 => (number(months, &MONTHS), Some(12)),
        None => (number(months, &MONTHS), number(months, &MONTHS)),
    };
    match (from, to) {
        (Some(from), Some(to)) if from <= to => {
            let months = (from..=to).step_by(step.max(1));
            months.map(|month| days_of(month, 2000)).max().unwrap_or(31)
        }
        // All of them, or over the turn of the year.
        _ => 31,
    }
}

/// How many days a month has.
fn days_of(month: u32, year: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A number, or the place of a name from 1.
fn number(text: &str, names: &[&str]) -> Option<u32> {
    let named = names
        .iter()
        .position(|name| name.eq_ignore_ascii_case(text));
    let named = named.and_then(|place| u32::try_from(place + 1).ok());
    named.or_else(|| text.parse().ok())
}

fn field_fault(word: &str, field: &Field, is_day: bool) -> Option<String> {
    let (name, least, most, names) = *field;
    let wrong = || Some(format!("`{word}` is no {name}"));
    if word == "*" || word == "?" && is_day {
        return None;
    }
    for part in word.split(',') {
        let (range, step) = part.split_once('/').unwrap_or((part, "1"));
        if step.parse::<u32>().ok().filter(|step| *step > 0).is_none() {
            return wrong();
        }
        if range == "*" {
            continue;
        }
        let number =
            |text: &str| number(text, names).filter(|number| (least..=most).contains(number));
        // The last day, the nearest weekday, the nth day of a week.
        let plain = match is_day {
            true => range
                .trim_end_matches(['L', 'W'])
                .split('#')
                .next()
                .unwrap_or(range),
            false => range,
        };
        if is_day && plain.is_empty() && !range.is_empty() {
            continue;
        }
        let fits = match plain.split_once('-') {
            Some((from, to)) => number(from).is_some() && number(to).is_some(),
            None => number(plain).is_some(),
        };
        if !fits {
            return wrong();
        }
    }
    None
}

/// Why a time is none: `2030-01-31T12:00:00` is one.
fn time_fault(time: &str) -> Option<String> {
    let shape = "0000-00-00T00:00:00";
    let is_shaped = time.len() == shape.len()
        && time
            .bytes()
            .zip(shape.bytes())
            .all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                other => byte == other,
            });
    let numbers: Vec<u32> = time
        .split(['-', 'T', ':'])
        .filter_map(|part| part.parse().ok())
        .collect();
    let &[year, month, day, hour, minute, second] = numbers.as_slice() else {
        return Some("its time is written as in `at(2030-01-31T12:00:00)`".to_owned());
    };
    let is_day = (1..=12).contains(&month) && (1..=days_of(month, year)).contains(&day);
    match (is_shaped, is_day, hour < 24 && minute < 60 && second < 60) {
        (false, _, _) => Some("its time is written as in `at(2030-01-31T12:00:00)`".to_owned()),
        (true, false, _) => Some(format!("there is no day {year:04}-{month:02}-{day:02}")),
        (true, true, false) => Some(format!(
            "there is no time {hour:02}:{minute:02}:{second:02}"
        )),
        (true, true, true) => None,
    }
}

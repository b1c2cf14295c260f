//! Reaching what was launched, as a person does: by `curl`, and by the `aws` program with its plugin
//! for sessions. What this machine lacks is told, and counted as not tried.

use crate::command::visitor::Visitor;
use std::process::Stdio;
use tokio::process::Command;

/// Whether an output is a page that opens without a login and does nothing by being opened: AWS's own
/// hosts ask for a login, and the URL of a function calls it.
pub(super) fn opens(value: &str) -> bool {
    let Some(rest) = value.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let of_aws = ["amazonaws.com", "aws.amazon.com", "on.aws"];
    !of_aws
        .iter()
        .any(|one| host == *one || host.ends_with(&format!(".{one}")))
}

/// Whether a page answers. A way to a login is an answer; an error of the server isn't.
pub(super) async fn opened(name: &str, url: &str) -> String {
    let arguments = [
        "-sS",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        "--max-time",
        "30",
    ];
    let ran = Command::new("curl").args(arguments).arg(url).output().await;
    match ran {
        Err(_) => format!("{name} not opened: there is no `curl` here"),
        Ok(output) => {
            let code = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            let answers = code
                .parse::<u16>()
                .is_ok_and(|code| (200..500).contains(&code));
            match output.status.success() && answers {
                true => format!("{name} answers {code}"),
                false => format!("{name} failed: {}", told(&output.stderr, &code)),
            }
        }
    }
}

/// Whether a session can be started on a machine, as whoever launches.
pub(super) async fn session(who: &Visitor, region: &str, machine: &str) -> String {
    let plugin = Command::new("session-manager-plugin").output().await;
    if plugin.is_err() {
        return "no session tried: there is no `session-manager-plugin` here".to_owned();
    }
    let mut command = Command::new("aws");
    command
        .args([
            "ssm",
            "start-session",
            "--region",
            region,
            "--target",
            machine,
        ])
        .args(["--document-name", "AWS-StartNonInteractiveCommand"])
        .args(["--parameters", "command=whoami"])
        .stdin(Stdio::null())
        .envs(who.variables.iter().map(|(name, value)| (name, value)));
    match command.output().await {
        Err(_) => "no session tried: there is no `aws` here".to_owned(),
        Ok(output) if output.status.success() && has_answered(&output.stdout) => {
            "a session runs a command".to_owned()
        }
        Ok(output) => format!(
            "session failed: {}",
            told(&output.stderr, "no reason given")
        ),
    }
}

/// Whether a command has printed something in a session: the program ends well without it, too.
fn has_answered(out: &[u8]) -> bool {
    let out = String::from_utf8_lossy(out);
    let of_program = [
        "Starting session",
        "Exiting session",
        "Cannot perform start session",
    ];
    let mut lines = out.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.any(|line| !of_program.iter().any(|words| line.starts_with(words)))
}

/// The last line of what a program says.
fn told(err: &[u8], otherwise: &str) -> String {
    let err = String::from_utf8_lossy(err);
    let last = err.trim().lines().last().unwrap_or_default().trim();
    match last.is_empty() {
        true => otherwise.to_owned(),
        false => last.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_in_which_nothing_answers_is_none() {
        let around = "\nStarting session with SessionId: somebody-0a1b\n\n";
        assert!(!has_answered(around.as_bytes()));
        assert!(has_answered(format!("{around}root\n").as_bytes()));
        let ended = format!("{around}\nExiting session with sessionId: somebody-0a1b.\n");
        assert!(!has_answered(ended.as_bytes()));
    }

    #[test]
    fn what_asks_for_a_login_of_aws_or_acts_is_not_opened() {
        assert!(opens("https://connect.example.org/i-1/"));
        for closed in [
            "https://us-east-1.console.aws.amazon.com/ec2",
            "https://console.aws.amazon.com/s3/home?region=us-east-1",
            "https://abc.lambda-url.us-east-1.on.aws/key",
            "arn:aws:s3:::bucket",
            "http://connect.example.org",
        ] {
            assert!(!opens(closed), "{closed}");
        }
    }
}

//! The launch form of the scheduled job: its parameters, and what each of them takes.
//!
//! Patterns are in the part of Java's dialect that browsers read as well. Java's engine recurses for
//! each turn of a loop over a group, so that only lists are such loops, never single characters: a
//! text may have all 4,096 characters of a parameter, a list some hundred items.

use super::settings::Settings;
use compute_catalog::cfn::{Builder, List, Number, ParameterDeclaration, ParameterHandle};

/// A reference to an image: registry, path, tag, digest.
/// <https://pkg.go.dev/github.com/distribution/reference>
const IMAGE: &str = r"^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$";

/// Nothing, words, or a JSON array of texts. The array is bounded, because a function's settings
/// hold it together with the variables in 4 KB: these are bytes, and a character may be three.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const COMMAND: &str = r#"^$|^[^\s\[].*$|^(?=[ -~]{1,800}$|.{1,266}$)\[\s*"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"(?:\s*,\s*"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*")*\s*\]$"#;

/// Members of a JSON object: each a name and a text, a number or a constant.
const SECRETS: &str = r#"^\s*"[^"\\\x00-\x1f]+"\s*:\s*(?:"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|true|false|null)(?:\s*,\s*"[^"\\\x00-\x1f]+"\s*:\s*(?:"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|true|false|null))*\s*$"#;

/// Pairs of a name and a value; nothing between two commas is no pair. The same lists are taken
/// whether the pattern is applied to each item or to the whole text. `AWS_BATCH` names are Batch's
/// own, and the secrets' variable is taken.
const VARIABLES: &str = r"^(?=[\t -~]{0,2500}$|[^\r\n]{0,830}$)\s*(?:(?!AWS_BATCH|SCHEDULED_JOB_SECRETS=)[A-Za-z_][A-Za-z0-9_.-]*=[^,\r\n]*)?(?:,\s*(?:(?!AWS_BATCH|SCHEDULED_JOB_SECRETS=)[A-Za-z_][A-Za-z0-9_.-]*=[^,\r\n]*)?)*$";

/// A rate, or the six fields of a cron expression, of which one of the two days is `?`: each with the
/// numbers, names and signs that it takes.
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html>
fn schedule_pattern() -> String {
    const RATE: &str =
        r"rate\((?:1 (?:minute|hour|day)|(?:[2-9]|[1-9][0-9]+) (?:minutes|hours|days))\)";
    const DAY: &str = "(?:0?[1-9]|[12][0-9]|3[01])";
    let month = format!(
        "(?:0?[1-9]|1[0-2]|{})",
        names("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")
    );
    let weekday = format!("(?:[1-7]|{})", names("SUN MON TUE WED THU FRI SAT"));
    let minutes = list("[0-5]?[0-9]", "", "");
    let hours = list("(?:[01]?[0-9]|2[0-3])", "", "");
    let days = list(DAY, "LW?|", "W|");
    let months = list(&month, "", "");
    let weekdays = list(&weekday, "L|", "L|#[1-5]|");
    let years = list("(?:19[7-9][0-9]|2[01][0-9]{2})", "", "");
    format!(
        r"^{RATE}$|^cron\((?=[^?]*\?[^?]*$){minutes} {hours} (?:\?|{days}) {months} (?:\?|{weekdays}) {years}\)$"
    )
}

/// A field: with commas between them all, one, or from one to another; each, or each so many. Beside
/// those `alone`, and what stands `after` one.
fn list(one: &str, alone: &str, after: &str) -> String {
    const EACH: &str = "(?:/[1-9][0-9]?)?";
    format!(r"(?:(?:{alone}\*{EACH}|{one}(?:{after}(?:-{one})?{EACH}))(?:,(?=[^ )])|(?=[ )])))+")
}

/// Names in whatever letters: a pattern of a browser's has no sign for that.
fn names(names: &str) -> String {
    let letter = |letter: char| format!("[{letter}{}]", letter.to_ascii_lowercase());
    let names: Vec<String> = names
        .split(' ')
        .map(|name| name.chars().map(letter).collect())
        .collect();
    names.join("|")
}

/// The parameters.
pub(super) struct Form {
    pub image: ParameterHandle<String>,
    pub memory: ParameterHandle<String>,
    pub command: ParameterHandle<String>,
    pub secrets: ParameterHandle<String>,
    pub variables: ParameterHandle<List<String>>,
    pub duration: ParameterHandle<Number>,
    pub retries: ParameterHandle<Number>,
    pub enable_schedule: ParameterHandle<String>,
    pub schedule: ParameterHandle<String>,
    pub url_revision: ParameterHandle<Number>,
}

impl Form {
    /// Declares the parameters, in the order of the form.
    pub fn declare(builder: &mut Builder, settings: &Settings) -> Form {
        Form {
            image: image(builder, settings),
            memory: memory(builder, settings),
            command: command(builder),
            secrets: secrets(builder, settings),
            variables: variables(builder, settings),
            duration: duration(builder, settings),
            retries: retries(builder, settings),
            enable_schedule: enable_schedule(builder),
            schedule: schedule(builder, settings),
            url_revision: url_revision(builder),
        }
    }
}

const IMAGE_GROUP: &str = "Container Image";
const ENVIRONMENT_GROUP: &str = "Environment";
const OPTIONS_GROUP: &str = "Job Options";
const SCHEDULE_GROUP: &str = "Schedule Job";
const URL_GROUP: &str = "Submit URL";

fn image(builder: &mut Builder, settings: &Settings) -> ParameterHandle<String> {
    builder.parameter(
        "Image",
        ParameterDeclaration::string()
            .label("Image")
            .group(IMAGE_GROUP)
            .description(
                "The container image to run, from a public registry. An exact tag or a digest \
                 keeps every run on the same image.",
            )
            .default(&settings.form.image)
            .allowed_pattern(
                IMAGE,
                "Write an image as Docker does: debian:12.11, \
                 public.ecr.aws/docker/library/python:3.13 or name@sha256:<digest>.",
            ),
    )
}

fn memory(builder: &mut Builder, settings: &Settings) -> ParameterHandle<String> {
    let pairs: Vec<String> = settings
        .sizes
        .iter()
        .map(|size| format!("{} with {} vCPU", size.memory_mib.value, size.vcpu.value))
        .collect();
    builder.parameter(
        "Memory",
        ParameterDeclaration::string()
            .label("Memory (MiB)")
            .group(IMAGE_GROUP)
            .description(format!(
                "Memory of the container in MiB; the CPU follows: {}. Storage is 20 GB.",
                pairs.join(", ")
            ))
            .default(settings.form.memory_mib.to_string())
            .allowed_values(
                settings
                    .sizes
                    .iter()
                    .map(|size| size.memory_mib.to_string()),
            ),
    )
}

fn command(builder: &mut Builder) -> ParameterHandle<String> {
    builder.parameter(
        "Command",
        ParameterDeclaration::string()
            .label("Command")
            .group(IMAGE_GROUP)
            .description(
                "What the container runs; empty for the image's own command. Words are separated \
                 by single blanks, and quotes mean nothing: echo hello world. Where a word itself \
                 holds a blank, write a JSON array: [\"sh\", \"-c\", \"echo hello && date\"].",
            )
            .default("")
            .allowed_pattern(
                COMMAND,
                "Write words with single blanks between them, or a JSON array of texts of at most \
                 800 characters (266 where some are outside of ASCII) such as [\"sh\", \"-c\", \"echo hello\"].",
            ),
    )
}

fn secrets(builder: &mut Builder, settings: &Settings) -> ParameterHandle<String> {
    builder.parameter(
        "Secrets",
        ParameterDeclaration::string()
            .label("Secrets")
            .group(ENVIRONMENT_GROUP)
            .description(
                "Secrets of the job as \"NAME\":\"value\" pairs with commas between them and no \
                 braces: \"USER\":\"me\",\"TOKEN\":\"a b=c,d\". The container gets them as JSON in \
                 SCHEDULED_JOB_SECRETS. In a value, a quote is written \\\" and a backslash \\\\.",
            )
            .default(&settings.form.secrets)
            .allowed_pattern(
                SECRETS,
                "Write \"NAME\":\"value\" pairs with commas between them and no braces, and in a \
                 value \\\" for a quote and \\\\ for a backslash.",
            )
            .no_echo(),
    )
}

fn variables(builder: &mut Builder, settings: &Settings) -> ParameterHandle<List<String>> {
    builder.parameter(
        "EnvVars",
        ParameterDeclaration::comma_delimited_list()
            .label("Environment Variables")
            .group(ENVIRONMENT_GROUP)
            .description(
                "Environment variables of the job as NAME=value pairs with commas between them: \
                 VAR1=one,URL=https://example.org/?a=b. Everything after the first = is the value. \
                 A value can't hold a comma: pass such a value as a secret.",
            )
            .default(&settings.form.variables)
            .allowed_pattern(
                VARIABLES,
                "Write NAME=value pairs with commas between them, at most 2,500 characters in \
                 all, or 830 where some are outside of ASCII. A name is letters, digits and _ . -, begins with a letter or _ but not \
                 with AWS_BATCH, and isn't SCHEDULED_JOB_SECRETS. A value may hold = and blanks but no comma: put \
                 such a value under Secrets, or write %2C and decode it in the job.",
            ),
    )
}

fn duration(builder: &mut Builder, settings: &Settings) -> ParameterHandle<Number> {
    let limits = &settings.form.duration_seconds;
    builder.parameter(
        "JobDurationSeconds",
        ParameterDeclaration::number()
            .label("Job Duration (Seconds)")
            .group(OPTIONS_GROUP)
            .description("For how long one attempt may run, in seconds; then it is ended.")
            .default(*limits.default)
            .between(i64::from(*limits.least), i64::from(*limits.most))
            .constraint_description(format!(
                "A whole number of seconds from {} to {}.",
                limits.least.value, limits.most.value
            )),
    )
}

fn retries(builder: &mut Builder, settings: &Settings) -> ParameterHandle<Number> {
    let limits = &settings.form.retries;
    builder.parameter(
        "JobRetries",
        ParameterDeclaration::number()
            .label("Job Attempts")
            .group(OPTIONS_GROUP)
            .description("How often the job is tried in all; 1 means that it is not repeated.")
            .default(*limits.default)
            .between(i64::from(*limits.least), i64::from(*limits.most))
            .constraint_description(format!(
                "A whole number from {} to {}.",
                limits.least.value, limits.most.value
            )),
    )
}

fn enable_schedule(builder: &mut Builder) -> ParameterHandle<String> {
    builder.parameter(
        "EnableSchedule",
        ParameterDeclaration::string()
            .label("Enable Schedule")
            .group(SCHEDULE_GROUP)
            .description(
                "true: the job runs on the schedule below. false: it runs only when the submit \
                 URL is called. An update switches it on and off.",
            )
            .default("false")
            .allowed_values(["true", "false"]),
    )
}

fn schedule(builder: &mut Builder, settings: &Settings) -> ParameterHandle<String> {
    builder.parameter(
        "Schedule",
        ParameterDeclaration::string()
            .label("Schedule")
            .group(SCHEDULE_GROUP)
            .description(
                "When the job runs, in UTC: rate(7 days), or cron(minutes hours day-of-month \
                 month day-of-week year) such as cron(0 6 ? * MON *) for Mondays at 6.",
            )
            .default(&settings.form.schedule)
            .allowed_pattern(
                &schedule_pattern(),
                "Write rate(1 hour), rate(7 days) or the like, or cron with six fields of which \
                 day-of-month or day-of-week is ?, such as cron(0 6 ? * MON *).",
            ),
    )
}

fn url_revision(builder: &mut Builder) -> ParameterHandle<Number> {
    builder.parameter(
        "SubmitUrlRevision",
        ParameterDeclaration::number()
            .label("Submit URL Revision")
            .group(URL_GROUP)
            .description(
                "Whoever knows the submit URL can run the job. If it has become known, update \
                 with a number that was never used here: the URL changes, and the old one is void.",
            )
            .default(1u32)
            .between(1, 1_000_000)
            .constraint_description("A whole number from 1 to 1000000."),
    )
}

//! `scheduled-job`: a container image that AWS Batch runs on Fargate, on a schedule or when a
//! secret URL is called.
//!
//! What users are promised: memory and CPU as chosen, 20 GB of storage, an hour at most, secrets
//! as JSON in one variable, a log, and that a schedule that is off runs nothing.

mod batch;
mod fargate;
mod form;
mod settings;
mod submit;

use batch::{Batch, BatchAccount};
use compute_catalog::cfn::{Builder, Output, Sub, Template, Value};
use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};
use form::Form;
pub use settings::Settings;

/// The model.
pub struct ScheduledJob;

impl Model for ScheduledJob {
    const KEY: Key = Key::constant("scheduled-job");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let faults = settings::faults(context);
        if !faults.is_empty() {
            return Err(faults);
        }
        let settings = context.settings;
        let mut builder = Builder::new(
            "A job of AWS Batch on Fargate, run on a schedule or by a call of its submit URL",
        );
        let imports = [
            "JobsVPCId",
            "JobsPrivateSubnet",
            "JobsPrivateSubnet1",
            "JobsPrivateSubnet2",
            "SetBatchTagsFunctionArn",
        ];
        let [vpc, first, second, third, tagger_token] = context.imports(&mut builder, imports)?;
        let code = context.own_file("files/submit.py")?;

        let form = Form::declare(&mut builder, settings);
        let account = BatchAccount {
            vpc,
            subnets: [first, second, third],
            tagger_token,
        };
        let job = batch::declare(&mut builder, &form, settings, account);
        let url = submit::declare(&mut builder, &form, settings, &job, code);
        outputs(&mut builder, &job, url, &settings.catalog.documentation);
        context.finish(builder)
    }
}

fn outputs(builder: &mut Builder, job: &Batch, url: Value<String>, documentation: &str) {
    builder.output(
        "SubmitJobApi",
        Output::new(
            url.clone(),
            "Secret: open or call this URL (GET) to run the job. If it has become known, update \
             the product with another Submit URL Revision",
        ),
    );
    let secrets = "ARN of the job's secrets, to read them with the AWS CLI or an SDK in the job";
    builder.output("JobSecretsArn", Output::new(&job.secrets, secrets));
    builder.output("JobSecretArn", Output::new(&job.secrets, secrets));
    builder.output(
        "Jobs",
        Output::new(console("#jobs"), "Opens the list of jobs and their states"),
    );
    builder.output(
        "JobQueue",
        Output::new(
            console("#queues/detail/${id}").with("id", &job.queue),
            "Opens the queue in which jobs wait",
        ),
    );
    builder.output(
        "JobDefinitions",
        Output::new(
            console("#job-definition"),
            "Opens the list of job definitions",
        ),
    );
    builder.output(
        "ComputeEnvironment",
        Output::new(
            console("#compute-environments/detail/${id}").with("id", &job.environment),
            "Opens the compute environment in which jobs run",
        ),
    );
    builder.output(
        "Logs",
        Output::new(
            Sub::new("${url}/log").with("url", url),
            "Secret: shows what the newest run of the job printed",
        ),
    );
    builder.output(
        "Documentation",
        Output::new::<String>(documentation, "How to use scheduled jobs"),
    );
}

/// A page of the Batch console.
fn console(page: &str) -> Sub {
    Sub::new(format!(
        "https://console.aws.amazon.com/batch/home?region=${{AWS::Region}}{page}"
    ))
}

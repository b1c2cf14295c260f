//! The functions behind custom resources. Code that stands in the template is run by `python3`, with
//! its calls reaching this server under the function's role; others answer as they are declared.

use super::{Job, account};
use crate::dispatch::Dispatch;
use compute_catalog::cfn::{IndexMap, Node};
use compute_catalog::rehearsal::{
    Account, Cause, CustomAnswer, CustomRequest, Declared, Functions, RequestKind, Thing, World,
};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Answers by running what can be run.
pub(super) struct Live<'d> {
    dispatch: &'d Dispatch,
    job: &'d Job,
    stack: &'d str,
}

/// How long a function may take here, though Lambda would let it.
const MOST: Duration = Duration::from_secs(60);

/// Reads the event from standard input, stands in for `cfnresponse`, and prints what was sent.
const DRIVER: &str = r#"
import importlib, json, sys, types

event = json.load(sys.stdin)
sent = []
cfnresponse = types.ModuleType("cfnresponse")
cfnresponse.SUCCESS, cfnresponse.FAILED = "SUCCESS", "FAILED"


def send(event, context, status, data, physicalResourceId=None, noEcho=False, reason=None):
    sent.append({"Status": status, "Reason": reason, "Data": data or {},
                 "PhysicalResourceId": physicalResourceId or "log-stream"})


cfnresponse.send = send
sys.modules["cfnresponse"] = cfnresponse
try:
    import boto3
except ImportError:
    sys.exit(97)
handler = sys.argv[1].split(".")
context = types.SimpleNamespace(log_stream_name="log-stream", function_name=sys.argv[2],
                                get_remaining_time_in_millis=lambda: 30000)
output, sys.stdout = sys.stdout, sys.stderr
getattr(importlib.import_module(handler[0]), handler[1])(event, context)
output.write(json.dumps(sent))
"#;

impl<'d> Live<'d> {
    pub(super) fn new(dispatch: &'d Dispatch, job: &'d Job, stack: &'d str) -> Self {
        Self {
            dispatch,
            job,
            stack,
        }
    }

    /// The answer of code that stands in the template; nothing where none does, or where nothing
    /// can run it.
    fn ran(&self, account: &Account, request: &CustomRequest<'_>) -> Option<CustomAnswer> {
        let function = account.find("AWS::Lambda::Function", request.token)?;
        let text = |name: &str| function.properties.get(name).and_then(Node::scalar_text);
        let code = function
            .properties
            .get("Code")?
            .get("ZipFile")?
            .scalar_text()?;
        if !text("Runtime")?.starts_with("python") {
            return None;
        }
        // What the function calls has to see what was made so far.
        let role = text("Role").unwrap_or_default();
        let key = self
            .dispatch
            .aside(&self.job.account, &self.job.region, |context| {
                account::write(context, account, self.stack);
                super::session(context, &role, &function.name)
            });
        let handler = text("Handler").unwrap_or_else(|| "index.handler".to_owned());
        let output = self.run(function, &handler, &code, &key, &event(account, request));
        let given = request.physical_id.map(str::to_owned);
        let failed = |reason: String| CustomAnswer {
            physical_id: given.clone().unwrap_or_else(|| "none".to_owned()),
            data: IndexMap::default(),
            failed: Some(Cause::Answered {
                function: function.name.clone(),
                reason,
            }),
        };
        let output = match output {
            Ok(Some(output)) => output,
            Ok(None) => return None,
            Err(error) => return Some(failed(error)),
        };
        let sent: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let Some(answer) = sent.last() else {
            // It has handed the event on, to a function that isn't here.
            if output.status.success() {
                return None;
            }
            let log = String::from_utf8_lossy(&output.stderr);
            let last = log
                .trim()
                .lines()
                .last()
                .unwrap_or("it ended without an answer");
            return Some(failed(last.to_owned()));
        };
        let physical_id = answer["PhysicalResourceId"].as_str().unwrap_or("none");
        let data = answer["Data"].as_object().into_iter().flatten();
        let data = data.map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), text)
        });
        let is_well = answer["Status"] == "SUCCESS";
        Some(CustomAnswer {
            physical_id: physical_id.to_owned(),
            data: data.collect(),
            failed: (!is_well).then(|| Cause::Answered {
                function: function.name.clone(),
                reason: answer["Reason"]
                    .as_str()
                    .unwrap_or("no reason given")
                    .to_owned(),
            }),
        })
    }

    /// Nothing: there is no `python3` with `boto3` here.
    fn run(
        &self,
        function: &Thing,
        handler: &str,
        code: &str,
        key: &str,
        event: &Value,
    ) -> Result<Option<Output>, String> {
        let folder = self.dispatch.config.state_dir.join("functions").join(key);
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let module = handler.split('.').next().unwrap_or("index");
        std::fs::write(folder.join(format!("{module}.py")), code).map_err(failed)?;
        std::fs::write(folder.join("driver.py"), DRIVER).map_err(failed)?;
        let mut command = Command::new("python3");
        command
            .args(["driver.py", handler, &function.name])
            .current_dir(&folder)
            .env("AWS_ENDPOINT_URL", &self.dispatch.endpoint)
            .env("AWS_ACCESS_KEY_ID", key)
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .env("AWS_SESSION_TOKEN", "local")
            .env("AWS_REGION", &self.job.region)
            .env("AWS_DEFAULT_REGION", &self.job.region)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let variables = function
            .properties
            .get("Environment")
            .and_then(|one| one.get("Variables"));
        if let Some(Node::Map(variables)) = variables {
            for (name, value) in variables {
                command.env(name, value.scalar_text().unwrap_or_default());
            }
        }
        let output = match command.spawn() {
            Ok(mut child) => {
                if let Some(mut input) = child.stdin.take() {
                    // A function that doesn't read its event ends with an error of its own.
                    let _ = input.write_all(event.to_string().as_bytes());
                }
                let began = Instant::now();
                while child.try_wait().map_err(failed)?.is_none() {
                    if began.elapsed() > MOST {
                        child.kill().map_err(failed)?;
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
                Some(child.wait_with_output().map_err(failed)?)
            }
            Err(_) => None,
        };
        std::fs::remove_dir_all(&folder).map_err(failed)?;
        Ok(output.filter(|output| output.status.code() != Some(97)))
    }
}

/// What CloudFormation sends.
fn event(account: &Account, request: &CustomRequest<'_>) -> Value {
    let json = |properties: &compute_catalog::cfn::Map| {
        let mut properties = match Node::Map(properties.clone()).to_json() {
            Value::Object(properties) => properties,
            _ => Map::new(),
        };
        properties.insert("ServiceToken".to_owned(), json!(request.token));
        as_text(Value::Object(properties))
    };
    let mut event = json!({
        "RequestType": match request.kind {
            RequestKind::Create => "Create",
            RequestKind::Update => "Update",
            RequestKind::Delete => "Delete",
        },
        "ServiceToken": request.token,
        "ResponseURL": "http://127.0.0.1/",
        "StackId": request.stack.arn(account),
        "RequestId": request.logical_id,
        "LogicalResourceId": request.logical_id,
        "ResourceType": request.resource_type,
        "ResourceProperties": json(request.properties),
    });
    if let Some(id) = request.physical_id {
        event["PhysicalResourceId"] = json!(id);
    }
    if let Some(old) = request.old_properties {
        event["OldResourceProperties"] = json(old);
    }
    event
}

/// Numbers and booleans as text, nested ones too: so functions get them from CloudFormation, as
/// those who write functions report; unproved here.
fn as_text(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Bool(truth) => Value::String(truth.to_string()),
        Value::Array(items) => items.into_iter().map(as_text).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(name, value)| (name, as_text(value)))
            .collect(),
        other => other,
    }
}

impl Functions for Live<'_> {
    fn answer(
        &mut self,
        world: &World<'_>,
        account: &Account,
        request: &CustomRequest<'_>,
    ) -> CustomAnswer {
        match self.ran(account, request) {
            Some(answer) => answer,
            None => Declared.answer(world, account, request),
        }
    }
}

//! Servers that stop answering: whoever waits is told within seconds, and no call waits for ever.
//!
//! The SDK repeats a call up to ten times, and gives each a minute: a network that swallows packets would
//! keep a person, or a pipeline, for ten minutes without a word.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use xtask::console::progress;

/// After so long without an answer it is told.
const TOLD_AFTER: Duration = Duration::from_secs(5);

/// After so long without any answer no call is repeated. Shorter than what a single call may take.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(45);

/// Since when the calls of a session have had no answer.
#[derive(Debug, Default)]
struct Silence(Mutex<Since>);

#[derive(Debug, Default)]
struct Since {
    /// Nothing at all has come back.
    silent: Option<Instant>,
    /// Nothing has come back but failures of servers, which repeats may get over.
    troubled: Option<Instant>,
    is_told: bool,
}

impl Silence {
    fn with<T>(&self, change: impl FnOnce(&mut Since) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes a call that begins; answers for how long there has been no answer.
    fn begin(&self) -> Duration {
        let now = Instant::now();
        self.with(|since| {
            since.troubled.get_or_insert(now);
            since.silent.get_or_insert(now).elapsed()
        })
    }

    /// Notes an answer, and whether it is one of a server that is well.
    fn answered(&self, is_well: bool) {
        self.with(|since| {
            since.silent = None;
            if is_well {
                *since = Since::default();
            }
        });
    }

    /// Tells once that answers are missing.
    fn tell(&self, place: &str) {
        let is_due = self.with(|since| {
            let is_long = since.troubled.is_some_and(|at| at.elapsed() >= TOLD_AFTER);
            is_long && !std::mem::replace(&mut since.is_told, true)
        });
        if is_due {
            let seconds = TOLD_AFTER.as_secs();
            progress(&format!(
                "No answer from {place} for {seconds} s: still asking. ^C stops; the same command goes on later."
            ));
        }
    }
}

/// A client that notices when nobody answers.
#[derive(Debug)]
pub(crate) struct Watched {
    client: SharedHttpClient,
    silence: Arc<Silence>,
}

impl Watched {
    pub(crate) fn client(client: SharedHttpClient) -> SharedHttpClient {
        SharedHttpClient::new(Watched {
            client,
            silence: Arc::default(),
        })
    }
}

impl HttpClient for Watched {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(WatchedConnector {
            connector: self.client.http_connector(settings, components),
            silence: self.silence.clone(),
        })
    }
}

#[derive(Debug)]
struct WatchedConnector {
    connector: SharedHttpConnector,
    silence: Arc<Silence>,
}

impl HttpConnector for WatchedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let silence = self.silence.clone();
        if silence.begin() >= GIVEN_UP_AFTER {
            let seconds = GIVEN_UP_AFTER.as_secs();
            let why = format!("no answer for more than {seconds} s");
            let why = io::Error::new(io::ErrorKind::TimedOut, why);
            return HttpConnectorFuture::ready(Err(ConnectorError::user(why.into())));
        }
        let place = place(request.uri());
        let answer = self.connector.call(request);
        HttpConnectorFuture::new(async move {
            tokio::pin!(answer);
            let answer = tokio::select! {
                answer = &mut answer => answer,
                () = tokio::time::sleep(TOLD_AFTER) => {
                    silence.tell(&place);
                    answer.await
                }
            };
            if let Ok(response) = &answer {
                silence.answered(response.status().as_u16() < 500);
            }
            // Repeats that fail at once don't wait for the alarm above.
            silence.tell(&place);
            answer
        })
    }
}

/// The server of a URI.
fn place(uri: &str) -> String {
    let mut parts = uri.splitn(4, '/');
    let (scheme, host) = (parts.next(), parts.nth(1));
    format!(
        "{}//{}",
        scheme.unwrap_or_default(),
        host.unwrap_or_default()
    )
}

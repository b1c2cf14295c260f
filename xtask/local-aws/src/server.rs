//! The listener and its life: connections on 127.0.0.1, on a runtime of its own,
//! so that a server can be started from a program that has none.

use crate::backend::CutOff;
use crate::call_log::Call;
use crate::config::Config;
use crate::dispatch::Dispatch;
use crate::faults::Faults;
use crate::service::Service;
use crate::store::Store;
use crate::upstream::Upstream;
use crate::wire;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// The largest body taken, in bytes.
const LARGEST_BODY: usize = 64 << 20;

/// Why a server can't start.
#[derive(Debug)]
pub enum StartError {
    /// What the account is to hold can't be held.
    Contents(String),
    /// `upstream` isn't the URL of a server.
    Upstream(String),
    /// The port is taken, or sockets aren't to be had.
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system says.
        cause: io::Error,
    },
    /// The state can't be read or written, or another server has it.
    State {
        /// The folder of the state.
        folder: PathBuf,
        /// What is wrong with it.
        cause: io::Error,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { port, cause } => write!(
                f,
                "the local AWS can't listen on 127.0.0.1:{port}: {cause}\nhint: choose another port, or 0 for a free one"
            ),
            Self::Contents(cause) => write!(
                f,
                "the local AWS can't be filled: {cause}\nhint: correct the file, or give another folder of the state, which is empty"
            ),
            Self::Upstream(cause) => write!(
                f,
                "the local AWS can't hand calls on: {cause}\nhint: give `--upstream http://HOST:PORT`, and `--own SERVICE` or `--own SERVICE:OPERATION`"
            ),
            Self::State { folder, cause } => write!(
                f,
                "the local AWS can't use its state in {}: {cause}\nhint: stop the server that has it, or delete the folder to start afresh",
                folder.display()
            ),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { cause, .. } | Self::State { cause, .. } => Some(cause),
            Self::Upstream(_) | Self::Contents(_) => None,
        }
    }
}

/// A running local AWS. Dropping it stops it; its state stays on disk.
pub struct Server {
    dispatch: Arc<Dispatch>,
    runtime: Option<Runtime>,
}

impl Server {
    /// Opens the state and listens. Returns once calls are answered.
    pub fn start(config: Config) -> Result<Self, StartError> {
        let upstream = config.upstream.as_deref().map(Upstream::new);
        let upstream = upstream.transpose().map_err(StartError::Upstream)?;
        for own in &config.own {
            Service::check(own).map_err(StartError::Upstream)?;
        }
        let listen = |cause| StartError::Listen {
            port: config.port,
            cause,
        };
        // By the standard library, since a runtime can't be waited for inside of another one.
        let listener = std::net::TcpListener::bind(("127.0.0.1", config.port)).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let state = |cause| StartError::State {
            folder: config.state_dir.clone(),
            cause,
        };
        let store = Store::open(&config.state_dir).map_err(state)?;
        let dispatch = Dispatch::new(config.clone(), format!("http://{address}"), store, upstream);
        let dispatch = Arc::new(dispatch.map_err(state)?);
        dispatch.fill().map_err(StartError::Contents)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("local-aws")
            .enable_all()
            .build()
            .map_err(listen)?;
        let handle = runtime.handle().clone();
        let server = Self {
            dispatch: dispatch.clone(),
            runtime: Some(runtime),
        };
        let _inside = handle.enter();
        let listener = TcpListener::from_std(listener).map_err(listen)?;
        dispatch.work();
        handle.spawn(accept(listener, dispatch));
        Ok(server)
    }

    /// `http://127.0.0.1:PORT`, for `AWS_ENDPOINT_URL`.
    pub fn endpoint(&self) -> &str {
        &self.dispatch.endpoint
    }

    /// The call log since the start or the last [`Self::clear_calls`].
    pub fn calls(&self) -> Vec<Call> {
        self.dispatch.backend().calls.clone()
    }

    /// Empties the call log; the count of calls goes on.
    pub fn clear_calls(&self) {
        self.dispatch.backend().calls.clear();
    }

    /// From now on these faults; changing calls are counted anew.
    pub fn set_faults(&self, faults: Faults) {
        self.dispatch.backend().set_faults(faults);
    }

    /// Whether [`Faults::stop_after_change`] was reached.
    pub fn is_halted(&self) -> bool {
        self.dispatch.backend().halted
    }

    /// Ends that halt; the fault is taken out.
    pub fn resume(&self) {
        self.dispatch.backend().resume();
    }

    /// The whole state as JSON, for tests that compare two of them.
    pub fn state(&self) -> serde_json::Result<serde_json::Value> {
        let state = self.dispatch.backend().store.current.clone();
        serde_json::to_value(&*state)
    }

    /// Stops listening and closes the connections; a call in progress ends first.
    pub fn stop(mut self) {
        self.shut_down();
    }

    fn shut_down(&mut self) {
        let Some(runtime) = self.runtime.take() else {
            return;
        };
        // A runtime mustn't wait for its end inside of another one.
        if tokio::runtime::Handle::try_current().is_ok() {
            let _ =
                std::thread::spawn(move || runtime.shutdown_timeout(Duration::from_secs(2))).join();
        } else {
            runtime.shutdown_timeout(Duration::from_secs(2));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shut_down();
    }
}

async fn accept(listener: TcpListener, dispatch: Arc<Dispatch>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, dispatch.clone()));
            }
            // For example too many open files: others may close meanwhile.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve(stream: TcpStream, dispatch: Arc<Dispatch>) {
    let service = service_fn(move |request| {
        let dispatch = dispatch.clone();
        async move { answer(&dispatch, request).await }
    });
    // An error here is a client that went away, or a connection that a fault closed.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed by a fault")
    }
}

impl std::error::Error for CutOff {}

async fn answer(
    dispatch: &Arc<Dispatch>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, CutOff> {
    let (head, body) = request.into_parts();
    // A client that breaks off in the middle of its request gets no answer and has no effect.
    let body = Limited::new(body, LARGEST_BODY)
        .collect()
        .await
        .map_err(|_| CutOff)?
        .to_bytes();
    let query = head.uri.query().unwrap_or_default();
    let request = wire::Request {
        method: head.method,
        path: head.uri.path().to_owned(),
        target: head
            .uri
            .path_and_query()
            .map_or_else(|| "/".to_owned(), ToString::to_string),
        query: form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect(),
        headers: head.headers,
        body,
        fetched: BTreeMap::new(),
    };
    let answer = dispatch.answer(request).await?;
    let mut response = hyper::Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(Full::new(answer.body)).map_err(|_| CutOff)
}

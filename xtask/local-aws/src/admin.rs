//! The server's own paths under `/_local/`, for tests and for people; no part of AWS.

use crate::backend::Backend;
use crate::wire::{Request, Response};
use hyper::Method;
use serde::Serialize;

pub(crate) fn answer(server: &mut Backend, path: &str, request: &Request) -> Response {
    match (path, &request.method) {
        ("calls", &Method::GET) => json(&server.calls),
        ("calls", &Method::DELETE) => {
            server.calls.clear();
            Response::new(204)
        }
        ("state", &Method::GET) => json(&*server.store.current),
        ("faults", &Method::GET) => json(&server.faults),
        ("faults", &Method::PUT) => match serde_json::from_slice(&request.body) {
            Ok(faults) => {
                server.set_faults(faults);
                Response::new(204)
            }
            Err(error) => text(400, &format!("these are no faults: {error}\n")),
        },
        ("resume", &Method::POST) => {
            server.resume();
            Response::new(204)
        }
        _ => text(
            404,
            &format!("{} /_local/{path} isn't known here\n", request.method),
        ),
    }
}

fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec_pretty(value) {
        Ok(body) => Response::new(200).body("application/json", body),
        Err(error) => text(500, &error.to_string()),
    }
}

fn text(status: u16, text: &str) -> Response {
    Response::new(status).body("text/plain", text.to_owned())
}

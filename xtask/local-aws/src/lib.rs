//! A local AWS on 127.0.0.1 that speaks the real wire protocol to unmodified clients.

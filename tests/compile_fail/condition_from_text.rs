//! A condition is named by its handle, never by text.

use compute_catalog::cfn::{Value, if_else};

fn main() {
    let _: Value<String> = if_else("HasName", "a", "b");
}

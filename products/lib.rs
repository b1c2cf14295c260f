//! The products of the catalog: one folder each, on the core only.

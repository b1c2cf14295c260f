//! Building blocks that products share.

//! What a launch form takes: what people see, and that every value starts.

mod forms;
mod jobs;
mod machines;
mod values;

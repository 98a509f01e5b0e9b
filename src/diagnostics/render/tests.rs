//! The same report in every form.

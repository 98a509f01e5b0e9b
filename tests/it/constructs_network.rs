//! Networks, their flow logs and their endpoints: what they turn into, and what is refused.

mod endpoints;
mod existing;
mod flow_logs;
mod vpc;

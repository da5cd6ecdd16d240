//! What PowerShell prints on the server, as `ConvertTo-Json` prints it in Windows PowerShell 5.1
//! and in PowerShell 7, and as lists (`Name : value`).
//!
//! Each function takes one object and gives readings with their places. Numbers and words are
//! both accepted where PowerShell's versions differ.

mod host;
mod list;
mod sync;

use crate::carrier::json::Object;

pub use host::{
    FileVersion, read_endpoint_test, read_file_version, read_service, read_tls12_table,
    read_tls12_value,
};
pub use list::PrintedList;
pub use sync::{
    Scheduler, read_connector, read_global_setting, read_global_settings, read_identity,
    read_scheduler,
};

/// The machine that an object speaks of, where it says so (`PSComputerName`, `SystemName`,
/// `MachineName`, `CSName`).
///
/// `ComputerName` is left out: in a network test it names the other side.
pub fn host_of<'a>(object: &Object<'a>) -> Option<&'a str> {
    ["PSComputerName", "SystemName", "MachineName", "CSName"]
        .into_iter()
        .filter_map(|name| object.words(name).found())
        .map(|at| at.value.trim())
        .find(|host| !matches!(*host, "." | "localhost" | "127.0.0.1" | "::1"))
}

#[cfg(test)]
mod tests;

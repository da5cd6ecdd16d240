//! Programs that show the library, and the evidence of two invented tenants.

pub mod evidence;

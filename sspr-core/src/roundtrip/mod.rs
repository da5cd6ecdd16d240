//! Following a password operation from the cloud through the writeback service into the domain.

//! The `sspr` command as a library: one function, [`run`].

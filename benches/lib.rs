//! Data generators of the benchmarks.

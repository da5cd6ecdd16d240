//! Lets the linker leave the names of Node open.

fn main() {
    napi_build::setup();
}

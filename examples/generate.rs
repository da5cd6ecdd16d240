//! Writes the evidence of the two invented tenants: `cargo run -p sspr-examples --bin generate`.

use std::path::Path;

use sspr_examples::evidence;

fn main() -> std::io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, folder) in evidence::all() {
        folder.write_to(&here.join(name))?;
    }
    Ok(())
}

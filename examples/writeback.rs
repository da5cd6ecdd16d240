//! What is to be said of a server, from its version and its system alone:
//! `cargo run -p sspr-examples --bin writeback`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use chrono::{DateTime, Utc};
use sspr::tenant::Cloud;
use sspr::writeback::{Version, VersionTable, Windows, dotnet_fit, dotnet_name, endpoints};

fn main() -> Result<(), Box<dyn Error>> {
    let version: Version = "2.5.79.0".parse()?;
    let day: DateTime<Utc> = "2026-11-20T12:00:00Z".parse()?;

    let standing = VersionTable::builtin().standing(version, day);
    println!("Entra Connect {version} on {}:", day.date_naive());
    println!("  support: {:?}", standing.support);
    match standing.stopped_by {
        Some(floor) => println!("  stopped on {}, upgrade to {}", floor.from, floor.version),
        None => println!("  it synchronises today"),
    }
    if let Some(floor) = standing.will_be_stopped_by {
        println!("  will stop on {} below {}", floor.from, floor.version);
    }

    let system = "Microsoft Windows Server 2019 Standard";
    let fit = Windows::of_caption(system).and_then(|windows| windows.fit(Some(version)));
    println!("{system}: {fit:?}");
    let release = 461_814;
    println!(".NET {}: {:?}", dotnet_name(release), dotnet_fit(release));

    let host = "ssprdedicatedsbprodfra-1.servicebus.windows.net";
    let needed = endpoints(Cloud::Public)
        .iter()
        .any(|pattern| pattern.covers(host));
    println!("{host} must be reachable: {needed}");
    Ok(())
}

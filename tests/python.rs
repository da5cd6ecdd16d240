//! The Python package: built with the cargo that runs this, and tested by its own suite.

use std::path::Path;
use std::process::Command;

use sspr_tests::python::Package;

#[test]
fn the_suite_of_the_python_package_passes() {
    let package = Package::build();
    let reports = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-reports");
    if reports.exists() {
        // What an earlier run left.
        std::fs::remove_dir_all(&reports).unwrap();
    }
    std::fs::create_dir_all(&reports).unwrap();
    sspr_tests::reports::write(&reports);
    sspr_tests::round_trips::write(&reports);
    sspr_tests::log_reports::write(&reports);
    let _graph = sspr_tests::graph_server::for_suite(&reports);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("python3")
        .args(["-B", "-W", "error", "-m", "unittest", "discover", "-t"])
        .arg(root.join("python"))
        .arg("-s")
        .arg(root.join("python"))
        .env("PYTHONPATH", package.path())
        .env("SSPR_REPOSITORY", root.parent().unwrap())
        .env("SSPR_REPORTS", &reports)
        .output()
        .expect("python3 is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    println!("{said}");
}

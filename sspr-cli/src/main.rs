//! The `sspr` command.
fn main() -> std::process::ExitCode {
    sspr_cli::main()
}

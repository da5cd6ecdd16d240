//! Serves a tenant as Microsoft Graph would, until it is killed.
//!
//! ```text
//! cargo run -p sspr-tests --bin graph-server -- --users 5000 --folder /tmp/graph &
//! sspr collect graph --root "$(cat /tmp/graph/root)" --ca /tmp/graph/ca.pem \
//!     --token-file /tmp/graph/token -o evidence && sspr assess evidence
//! ```
//!
//! `--folder DIR` is where `root`, `ca.pem` and a ready `token` are written, `root` last.
//! `--users N` (1000) generates a tenant, `--example contoso` serves one of `examples/`, `--port N`,
//! `--pace N` makes the server's time run faster, `--fail SHARE` lets this share of all requests
//! fail, drawn from `--seed N`, `--deny PATH` refuses a path, `--unlimited` never throttles,
//! `--wait-for-input` ends with standard input.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "a program for tests, which fails by panicking"
)]

use std::io::{Read as _, sink};
use std::path::PathBuf;
use std::str::FromStr;

use sspr_tests::graph_server::{Budgets, Faults, Server, Settings, Size, Tenant};

fn main() {
    let mut size = Size {
        at: chrono::Utc::now(),
        ..Size::default()
    };
    let (mut example, mut folder, mut wait) = (None, PathBuf::from("."), false);
    let mut settings = Settings::new(Tenant::new("", &[]));
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let mut value = || {
            args.next()
                .unwrap_or_else(|| panic!("{name} takes a value"))
        };
        match name.as_str() {
            "--users" => size.users = number(&value()),
            "--example" => example = Some(value()),
            "--folder" => folder = value().into(),
            "--port" => settings.port = number(&value()),
            "--pace" => settings.pace = number(&value()),
            "--seed" => settings.seed = number(&value()),
            "--fail" => settings.faults = Faults::mixed(number(&value())),
            "--deny" => settings.denied.push(value()),
            "--unlimited" => settings.budgets = Budgets::unlimited(),
            "--wait-for-input" => wait = true,
            _ => panic!("{name} is no option"),
        }
    }
    settings.tenant = match example {
        Some(name) => Tenant::example(&name),
        None => Tenant::generated(&size),
    };
    let server = Server::start(settings);
    let write = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).expect("the folder can be written");
    };
    write("ca.pem", server.authority_pem());
    write("token", &server.token());
    write("root", server.root());
    println!("{}", server.root());
    if wait {
        let _ = std::io::copy(&mut std::io::stdin().by_ref(), &mut sink());
    } else {
        loop {
            std::thread::park();
        }
    }
}

fn number<T: FromStr>(text: &str) -> T {
    text.parse()
        .unwrap_or_else(|_| panic!("{text} is no number"))
}

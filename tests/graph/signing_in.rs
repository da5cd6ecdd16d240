//! Every way to sign in, and what becomes of tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sspr::ErrorCode;
use sspr::graph::{
    Client, ClientCertificate, ManagedIdentity, Secret, SignIn, SystemClock, Token, TokenProvider,
};
use sspr_tests::graph_server::{
    ApplicationCertificate, Device, DeviceAnswer, Fault, Faults, Recorded, Server, Settings,
    TokenSeen,
};

use super::support::{PACE, Place, quiet};

fn right(server: &Server) -> usize {
    let all = server.requests().all();
    all.iter()
        .filter(|request| request.token == TokenSeen::Right)
        .count()
}

fn token_requests(server: &Server) -> usize {
    let all = server.requests().all();
    let granted = |request: &&Recorded| request.target.contains("/token") && request.status == 200;
    all.iter().filter(granted).count()
}

#[test]
fn a_certificate_signs_as_entra_asks_for_it() {
    let (certificate, pem) = ApplicationCertificate::generate();
    let mut settings = quiet(30);
    settings.sign_in.certificate = Some(certificate);
    settings.sign_in.client_secret = String::new();
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    let pem = Secret::new(pem);
    place.sign_in = SignIn::ClientCertificate(ClientCertificate::from_pem(&pem).unwrap());
    assert!(place.collect().unwrap().complete);
    assert_eq!(token_requests(&server), 1);
}

#[test]
fn a_file_that_is_no_certificate_says_so() {
    for (text, word) in [
        ("", "no certificate"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "no private key",
        ),
    ] {
        let error = ClientCertificate::from_pem(&Secret::new(text.into())).unwrap_err();
        assert!(error.message.contains(word), "{error}");
        assert!(error.help.unwrap().contains("openssl pkcs12"));
    }
}

#[test]
fn a_federated_token_is_read_from_its_file_at_each_renewal() {
    let mut settings = quiet(1_500);
    settings.sign_in.federated = Some("Example-Federated-Token".into());
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    let file = place.root().join("token");
    std::fs::write(&file, "Example-Federated-Token\n").unwrap();
    place.sign_in = SignIn::FederatedToken(file);
    assert!(place.collect().unwrap().complete);
}

#[test]
fn machines_and_apps_sign_in_as_themselves() {
    let settings = quiet(30);
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    place.settings.client_id = None;
    place.settings.tenant = None;
    let header = Secret::new(settings.sign_in.identity_header.clone());
    place.sign_in = SignIn::ManagedIdentity(ManagedIdentity::app(
        format!("{}/msi/token", server.root()),
        header,
    ));
    assert!(place.collect().unwrap().complete);
}

#[test]
fn a_person_signs_in_with_a_code() {
    for (answer, word) in [
        (DeviceAnswer::Approve, None),
        (DeviceAnswer::Decline, Some("declined")),
        (DeviceAnswer::Nothing, Some("expired")),
    ] {
        let mut settings = quiet(30);
        settings.sign_in.device = Device {
            answer,
            ..Device::default()
        };
        let server = Server::start(settings.clone());
        let mut place = Place::of(&server, &settings);
        let shown = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&shown);
        place.sign_in = SignIn::DeviceCode(Arc::new(move |prompt| {
            assert!(prompt.message.contains(&prompt.code) && prompt.url.starts_with("http"));
            count.fetch_add(1, Ordering::Relaxed);
        }));
        let collected = place.collect();
        match word {
            None => assert!(collected.unwrap().complete),
            Some(word) => {
                let error = collected.unwrap_err();
                assert!(error.message.contains(word), "{error}");
            }
        }
        assert_eq!(shown.load(Ordering::Relaxed), 1);
    }
}

#[test]
fn a_token_is_got_once_and_renewed_before_it_ends() {
    let mut settings = quiet(9_000);
    settings.sign_in.lifetime = Duration::from_secs(3_599);
    let server = Server::start(settings.clone());
    let place = Place::of(&server, &settings);
    place.collect().unwrap();
    assert_eq!(token_requests(&server), 1);

    // A short life: many renewals, and no request with a dead token.
    settings.sign_in.lifetime = Duration::from_secs(60);
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    place.settings.rates.identity_units = 60;
    place.settings.rates.reports = 5;
    assert!(place.collect().unwrap().complete);
    assert!(token_requests(&server) > 1);
}

#[test]
fn a_refused_token_is_renewed_once_for_all_and_claims_are_passed_on() {
    for fault in [Fault::Unauthorized, Fault::Revoked, Fault::Claims] {
        let settings = Settings {
            faults: Faults::none().on("/users?", 2, fault),
            ..quiet(3_000)
        };
        let server = Server::start(settings.clone());
        let place = Place::of(&server, &settings);
        assert!(place.collect().unwrap().complete, "{fault:?}");
        assert_eq!(token_requests(&server), 2, "{fault:?}");
        let last = server
            .requests()
            .all()
            .into_iter()
            .rfind(|request| request.target.contains("/token"))
            .unwrap();
        assert_eq!(
            last.field("claims").is_some(),
            fault == Fault::Claims,
            "{fault:?}"
        );
    }
}

#[test]
fn a_wrong_secret_ends_the_run_and_is_shown_nowhere() {
    let settings = quiet(10);
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    place.sign_in = SignIn::ClientSecret(Secret::new("Example-Wrong-Secret".into()));
    let error = place.collect().unwrap_err();
    assert_eq!(error.code, ErrorCode::Refused);
    assert!(error.message.contains("AADSTS7000215"), "{error}");
    assert!(!format!("{error:?}").contains("Example-Wrong-Secret"));
    assert_eq!(right(&server), 0);
}

#[test]
fn a_ready_token_that_has_ended_says_what_to_do() {
    let mut settings = quiet(1_200);
    settings.sign_in.lifetime = Duration::from_secs(3_599);
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    place.sign_in = SignIn::Token(Token::new(server.token(), None));
    server.revoke_tokens();
    let error = place.collect().unwrap_err();
    assert_eq!(error.code, ErrorCode::Refused);
    assert!(error.help.unwrap().contains("--resume"));
}

struct Ours(Arc<AtomicU32>, String);

impl TokenProvider for Ours {
    fn token(&self, _: Option<&str>) -> sspr::Result<Token> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Token::new(self.1.clone(), None))
    }
}

#[test]
fn a_caller_gives_its_own_tokens_and_asks_its_own_questions() {
    let settings = quiet(2_500);
    let server = Server::start(settings.clone());
    let place = Place::of(&server, &settings);
    let count = Arc::new(AtomicU32::new(0));
    let provider = Ours(Arc::clone(&count), server.token());
    let clock = Arc::new(SystemClock::faster(PACE));
    let client = Client::by(clock, &place.settings, SignIn::Provider(Arc::new(provider))).unwrap();
    let organization = client.get("/v1.0/organization").unwrap();
    assert!(
        String::from_utf8(organization)
            .unwrap()
            .contains("contoso.onmicrosoft.com")
    );
    let mut pages = 0;
    let users = client.pages("/v1.0/users?$top=999&$select=id", &mut |_| {
        pages += 1;
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!((users.unwrap(), pages), (2_500, 3));
    let answers = client
        .batch(&["/v1.0/organization", "/v1.0/users/nobody@contoso.com"])
        .unwrap();
    assert!(answers[0].is_ok());
    let error = answers[1].as_ref().unwrap_err();
    assert!(
        error
            .message
            .contains("Request_ResourceNotFound (404), request "),
        "{error}"
    );
    for elsewhere in [
        "https://localhost:1/v1.0/users",
        "//localhost/v1.0/users",
        "v1.0/users",
    ] {
        assert!(client.get(elsewhere).is_err(), "{elsewhere}");
    }
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

//! Tokens and how to get them.

use std::time::Duration;

use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sspr_tests::graph_server::{
    ApplicationCertificate, Device, DeviceAnswer, Fault, Faults, Server, Settings, SignIn,
    TokenSeen,
};

use super::client::{Client, Reply};
use super::{quiet, start};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn endpoint(server: &Server) -> String {
    format!("/{}/oauth2/v2.0/token", server.tenant().id)
}

fn credentials(server: &Server, client: &Client, more: &[(&str, &str)]) -> Reply {
    let scope = format!("{}/.default", server.root());
    let id = SignIn::default().client_id;
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_id", id.as_str()),
        ("scope", scope.as_str()),
    ];
    fields.retain(|(name, _)| !more.iter().any(|(other, _)| name == other));
    fields.extend(more);
    client.form(&endpoint(server), &fields)
}

#[test]
fn a_secret_gives_a_token_that_opens_and_ends() {
    let mut settings = quiet(20);
    settings.pace = 1000.0;
    settings.sign_in.lifetime = Duration::from_secs(200);
    let (server, mut client) = start(settings);
    let secret = SignIn::default().client_secret;
    let reply = credentials(&server, &client, &[("client_secret", &secret)]);
    assert_eq!(
        (reply.status, &reply.json()["expires_in"]),
        (200, &Value::from(200))
    );
    client.token = reply.json()["access_token"].as_str().map(str::to_owned);
    assert_eq!(client.get("/v1.0/domains").status, 200);
    std::thread::sleep(Duration::from_millis(250));
    let late = client.get("/v1.0/domains");
    assert_eq!(
        (late.status, late.code().as_str()),
        (401, "InvalidAuthenticationToken")
    );
    assert!(
        late.header("www-authenticate")
            .unwrap()
            .starts_with("Bearer ")
    );
    client.token = Some("not.a.token".into());
    assert_eq!(client.get("/v1.0/domains").status, 401);
    client.token = None;
    assert_eq!(client.get("/v1.0/domains").status, 401);

    let requests = server.requests().all();
    let seen: Vec<_> = requests[1..].iter().map(|request| request.token).collect();
    assert_eq!(
        seen,
        [
            TokenSeen::Right,
            TokenSeen::Dead,
            TokenSeen::Wrong,
            TokenSeen::Missing
        ]
    );
    assert_eq!(requests[0].field("grant_type"), Some("client_credentials"));
    assert!(
        !format!("{requests:?}").contains(&secret),
        "a secret is not kept"
    );
}

#[test]
fn refusals_of_the_sign_in_service_have_numbers() {
    let (server, client) = start(quiet(20));
    let secret = SignIn::default().client_secret;
    let number = |more: &[(&str, &str)]| {
        let reply = credentials(&server, &client, more);
        let body = reply.json();
        let words = body["error_description"].as_str().unwrap().to_owned();
        let number = body["error_codes"][0].as_u64().unwrap();
        assert!(words.starts_with(&format!("AADSTS{number}: ")));
        (
            reply.status,
            body["error"].as_str().unwrap().to_owned(),
            number,
        )
    };
    let expected = |status: u16, error: &str, number: u64| (status, error.to_owned(), number);
    assert_eq!(
        number(&[("client_secret", "wrong")]),
        expected(401, "invalid_client", 7_000_215)
    );
    assert_eq!(number(&[]), expected(401, "invalid_client", 7_000_218));
    assert_eq!(
        number(&[("client_secret", &secret), ("client_id", "another")]),
        expected(400, "unauthorized_client", 700_016)
    );
    assert_eq!(
        number(&[
            ("client_secret", &secret),
            ("scope", "https://graph.example/.default")
        ]),
        expected(400, "invalid_scope", 70_011)
    );
    let nobody = client.form(
        "/fabrikam.com/oauth2/v2.0/token",
        &[("grant_type", "client_credentials")],
    );
    assert_eq!(nobody.json()["error_codes"][0], 90_002);
}

#[test]
fn an_assertion_is_signed_by_the_certificate_and_fits() {
    let (certificate, pem) = ApplicationCertificate::generate();
    let mut settings = quiet(20);
    settings.sign_in.certificate = Some(certificate);
    let (server, client) = start(settings);
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let key = any_supported_type(&key).unwrap();
    let now = chrono::Utc::now().timestamp();
    let id = SignIn::default().client_id;
    let audience = format!("{}{}", server.root(), endpoint(&server));
    let url = |bytes: &[u8]| {
        let text = sspr_tests::base64::encode(bytes);
        text.trim_end_matches('=')
            .replace('+', "-")
            .replace('/', "_")
    };
    let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": url(&Sha256::digest(&der)) });
    let claims = json!({
        "aud": audience, "iss": id, "sub": id, "jti": "00000000-0000-4000-8000-000000000002",
        "nbf": now, "iat": now, "exp": now + 300
    });
    let sign = |header: &Value, claims: &Value| {
        let text = format!(
            "{}.{}",
            url(header.to_string().as_bytes()),
            url(claims.to_string().as_bytes())
        );
        let signer = key
            .choose_scheme(&[SignatureScheme::RSA_PSS_SHA256])
            .unwrap();
        let signature = signer.sign(text.as_bytes()).unwrap();
        format!("{text}.{}", url(&signature))
    };
    let number = |assertion: &str| {
        let fields = [
            ("client_assertion_type", BEARER),
            ("client_assertion", assertion),
        ];
        let reply = credentials(&server, &client, &fields);
        reply.json()["error_codes"][0]
            .as_u64()
            .unwrap_or(reply.status.into())
    };
    let good = sign(&header, &claims);
    assert_eq!(number(&good), 200);
    let with = |name: &str, value: Value| {
        let mut other = claims.clone();
        other[name] = value;
        number(&sign(&header, &other))
    };
    assert_eq!(with("aud", "https://login.example/token".into()), 700_023);
    assert_eq!(with("sub", "another".into()), 700_021);
    assert_eq!(with("exp", (now + 3600).into()), 50_027);
    assert_eq!(with("jti", "".into()), 50_027);
    let mut late = claims.clone();
    (late["nbf"], late["exp"]) = ((now - 4000).into(), (now - 3700).into());
    assert_eq!(number(&sign(&header, &late)), 700_024);
    for (name, value, refused) in [("alg", "RS256", 50_027), ("x5t#S256", "AAAA", 700_027)] {
        let mut other = header.clone();
        other[name] = value.into();
        assert_eq!(number(&sign(&other, &claims)), refused);
    }
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();
    assert_eq!(number(&format!("{signed}.{turned}")), 700_027);
    assert_eq!(number("no assertion"), 50_027);
}

#[test]
fn a_federated_assertion_is_taken_as_it_is() {
    let mut settings = quiet(20);
    settings.sign_in.federated = Some("an.assertion.of-another-authority".into());
    let (server, client) = start(settings);
    let with = |assertion: &str| {
        let fields = [
            ("client_assertion_type", BEARER),
            ("client_assertion", assertion),
        ];
        credentials(&server, &client, &fields).status
    };
    assert_eq!(with("an.assertion.of-another-authority"), 200);
    assert_eq!(with("an.assertion.of-somebody"), 401);
}

#[test]
fn managed_identities_have_two_forms() {
    let (server, mut client) = start(quiet(20));
    client.token = None;
    let plain = server.root().replace("https", "http");
    let imds = format!(
        "{plain}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={}",
        server.root()
    );
    assert_eq!(client.get(&imds).status, 400, "the header is missing");
    let reply = client.send("GET", &imds, &[("Metadata", "true")], "");
    assert_eq!(reply.status, 200);
    assert!(reply.json()["expires_in"].is_string() && reply.json()["expires_on"].is_string());

    let service = format!(
        "{plain}/msi/token?api-version=2019-08-01&resource={}",
        server.root()
    );
    let header = SignIn::default().identity_header;
    assert_eq!(
        client
            .send("GET", &service, &[("X-IDENTITY-HEADER", "wrong")], "")
            .status,
        401
    );
    let reply = client.send("GET", &service, &[("X-IDENTITY-HEADER", &header)], "");
    client.token = reply.json()["access_token"].as_str().map(str::to_owned);
    assert_eq!(client.get("/v1.0/domains").status, 200);
    assert!(server.foreign().is_empty());
}

/// Polls until the end, with the server's waits as milliseconds; the errors on the way.
fn poll(settings: Settings, pause: Duration) -> (Vec<String>, bool) {
    let (server, mut client) = start(Settings {
        pace: 100.0,
        ..settings
    });
    client.token = None;
    let id = SignIn::default().client_id;
    let scope = format!("{}/.default offline_access", server.root());
    let shown = client
        .form(
            "/organizations/oauth2/v2.0/devicecode",
            &[("client_id", &id), ("scope", &scope)],
        )
        .json();
    assert!(
        shown["message"]
            .as_str()
            .unwrap()
            .contains(shown["user_code"].as_str().unwrap())
    );
    let code = shown["device_code"].as_str().unwrap();
    let fields = [
        ("grant_type", DEVICE),
        ("client_id", id.as_str()),
        ("device_code", code),
    ];
    let mut errors = Vec::new();
    for _ in 0..20 {
        std::thread::sleep(pause);
        let reply = client.form("/organizations/oauth2/v2.0/token", &fields);
        if reply.status == 200 {
            client.token = reply.json()["access_token"].as_str().map(str::to_owned);
            return (errors, client.get("/v1.0/domains").status == 200);
        }
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        let goes_on = matches!(error.as_str(), "authorization_pending" | "slow_down");
        errors.push(error);
        if !goes_on {
            return (errors, false);
        }
    }
    panic!("no end after {errors:?}");
}

fn device(answer: DeviceAnswer, after: u64, lifetime: u64) -> Settings {
    let mut settings = quiet(20);
    settings.sign_in.device = Device {
        answer,
        after: Duration::from_secs(after),
        lifetime: Duration::from_secs(lifetime),
        interval: 5,
    };
    settings
}

#[test]
fn a_device_code_is_pending_until_the_person_answers() {
    let (errors, opens) = poll(
        device(DeviceAnswer::Approve, 12, 900),
        Duration::from_millis(55),
    );
    assert!(opens);
    assert!(!errors.is_empty() && errors.iter().all(|error| error == "authorization_pending"));
    let (errors, opens) = poll(
        device(DeviceAnswer::Decline, 1, 900),
        Duration::from_millis(55),
    );
    assert_eq!(
        (errors.as_slice(), opens),
        (["authorization_declined".to_owned()].as_slice(), false)
    );
    let (errors, _) = poll(
        device(DeviceAnswer::Nothing, 0, 14),
        Duration::from_millis(55),
    );
    assert_eq!(errors.last().unwrap(), "expired_token");
}

#[test]
fn who_polls_too_fast_is_told_to_slow_down() {
    // On a busy machine a poll may take as long as it should have waited: one of many does not.
    let (errors, _) = poll(
        device(DeviceAnswer::Nothing, 0, 20),
        Duration::from_millis(12),
    );
    assert!(
        errors.iter().any(|error| error == "slow_down"),
        "{errors:?}"
    );
}

#[test]
fn a_challenge_wants_a_token_with_its_claims() {
    let settings = Settings {
        faults: Faults::none().on("/domains", 1, Fault::Claims),
        ..quiet(20)
    };
    let (server, mut client) = start(settings);
    let reply = client.get("/v1.0/domains");
    let challenge = reply.header("www-authenticate").unwrap();
    assert!(challenge.contains("error=\"insufficient_claims\""));
    assert_eq!(
        (reply.status, client.get("/v1.0/domains").status),
        (401, 401)
    );
    let secret = SignIn::default().client_secret;
    assert_eq!(
        credentials(&server, &client, &[("client_secret", &secret)]).status,
        400
    );
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}"#;
    assert!(challenge.contains(&sspr_tests::base64::encode(claims.as_bytes())));
    let reply = credentials(
        &server,
        &client,
        &[("client_secret", &secret), ("claims", claims)],
    );
    client.token = reply.json()["access_token"].as_str().map(str::to_owned);
    assert_eq!(client.get("/v1.0/domains").status, 200);
}

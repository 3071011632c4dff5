//! Whom the client trusts, over real TLS.

#[path = "support/tls.rs"]
mod tls;

use linode_core::{Client, ClientBuilder, Error, Json, Operation, Request, http::Method};

static VOLUME: Operation = Operation::new(Method::GET, "/volumes/7");

async fn get(builder: ClientBuilder) -> Result<Json, Error> {
    let client = builder.no_proxy().build()?;
    let response = Request::new(&client, &VOLUME).send().await?;
    Ok(response.decode::<Json>()?.into_value())
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_and_no_other() {
    let (server, other) = (tls::start().await, tls::start().await);
    let to = || Client::builder().token("s3cret").base_url(&server.url);

    let json = get(to().ca_pem(&server.authority))
        .await
        .expect("an answer");
    assert_eq!(json["id"], 7);
    for builder in [to(), to().ca_pem(&other.authority)] {
        let error = get(builder).await.expect_err("a stranger");
        assert!(error.to_string().contains("certificate"), "{error}");
        assert_eq!(error.attempts(), 1, "{error}");
    }
}

#[tokio::test]
async fn an_authority_may_come_from_a_file() {
    let server = tls::start().await;
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &server.authority).expect("a certificate");
    let builder = Client::builder().base_url(&server.url).ca_file(file.path());
    assert_eq!(get(builder).await.expect("an answer")["id"], 7);
}

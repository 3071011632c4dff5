//! The HTTP client that is made unless the user brings one.

use std::sync::Arc;

use reqwest::redirect::Policy;
use rustls::client::WantsClientCert;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier, crypto};
use rustls_platform_verifier::BuilderVerifierExt;

/// HTTP/2 and 1.1 over TLS, with the certificates of the system, and with *ring*, which builds with little.
/// No redirects are followed: none is in the document, and the token is for the API alone.
///
/// A system without certificates can do without them as long as no TLS is needed, as in tests.
pub(super) fn http_client(plain: bool) -> Result<reqwest::Client, String> {
    let tls = tls(|builder| builder.with_platform_verifier());
    let tls = match tls {
        Err(_) if plain => tls_without_certificates(),
        tls => tls,
    };
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls.map_err(|error| error.to_string())?)
        .redirect(Policy::none());
    client
        .build()
        .map_err(|error| error.without_url().to_string())
}

fn tls_without_certificates() -> Result<ClientConfig, rustls::Error> {
    tls(|builder| Ok(builder.with_root_certificates(RootCertStore::empty())))
}

type Unverified = ConfigBuilder<ClientConfig, WantsVerifier>;
type Verified = ConfigBuilder<ClientConfig, WantsClientCert>;

fn tls(
    verify: impl FnOnce(Unverified) -> Result<Verified, rustls::Error>,
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = verify(builder)?.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_needs_no_certificates() {
        assert!(http_client(true).is_ok());
        assert!(tls_without_certificates().is_ok_and(|config| config.alpn_protocols.len() == 2));
    }
}

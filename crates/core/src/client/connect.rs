//! The HTTP client that is made unless the user brings one.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, crypto};
use rustls_platform_verifier::Verifier;

use crate::error::Error;

/// How long a connection that nobody uses is kept: the other side gives up its own at a time that nobody tells, and a
/// request on a connection that is just being closed is lost.
const IDLE: Duration = Duration::from_secs(30);

/// What connections are made with.
#[derive(Clone)]
pub(crate) struct Connect {
    pub(super) timeout: Option<Duration>,
    pub(super) proxy: Proxying,
    /// Authorities that are trusted beside those of the system.
    pub(super) authorities: Vec<CertificateDer<'static>>,
}

/// Through which proxy.
#[derive(Clone)]
pub(super) enum Proxying {
    /// The one that the environment names, if any.
    System,
    /// None, whatever the environment says.
    Direct,
    Through(Box<reqwest::Proxy>),
}

impl Connect {
    pub(super) fn new() -> Self {
        Connect {
            timeout: Some(Duration::from_secs(10)),
            proxy: Proxying::System,
            authorities: Vec::new(),
        }
    }

    /// Whether something was said that an HTTP client of the user's own would have to be told instead.
    pub(super) fn is_special(&self) -> bool {
        !self.authorities.is_empty() || !matches!(self.proxy, Proxying::System)
    }

    /// HTTP/2 and 1.1 over TLS, with the certificates of the system, and with *ring*, which builds with little.
    /// No redirects are followed: none is in the document, and the token is for the API alone. Nothing is tried again
    /// here: whether to is decided in one place, and that is not this one.
    ///
    /// A system without certificates can do without them as long as no TLS is needed, as in tests.
    pub(super) fn http_client(&self, plain: bool) -> Result<reqwest::Client, String> {
        let client = self
            .http_builder(plain)
            .map_err(|error| error.to_string())?;
        client
            .build()
            .map_err(|error| error.without_url().to_string())
    }

    fn http_builder(&self, plain: bool) -> Result<reqwest::ClientBuilder, rustls::Error> {
        let tls = match self.tls() {
            Err(_) if plain => without_certificates(),
            tls => tls,
        };
        let mut client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls?)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .pool_idle_timeout(IDLE);
        if let Some(timeout) = self.timeout {
            client = client.connect_timeout(timeout);
        }
        Ok(match &self.proxy {
            Proxying::System => client,
            Proxying::Direct => client.no_proxy(),
            Proxying::Through(proxy) => client.proxy(reqwest::Proxy::clone(proxy)),
        })
    }

    fn tls(&self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(crypto::ring::default_provider());
        let verifier = Verifier::new_with_extra_roots(self.authorities.clone(), provider)?;
        config(Some(Arc::new(verifier)))
    }
}

/// What an HTTP client of one's own may begin with, for [`ClientBuilder::http`](crate::ClientBuilder::http): the TLS
/// of this crate, no redirects, nothing tried again. (`reqwest::Client::new()` may have no TLS to work with.)
///
/// ```
/// use linode_core::{Client, http_builder};
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let http = http_builder()?.tcp_nodelay(true).pool_max_idle_per_host(4).build()?;
/// let client: Client = Client::builder().http(http).build()?;
/// # Ok(())
/// # }
/// ```
pub fn http_builder() -> Result<reqwest::ClientBuilder, Error> {
    let builder = Connect::new().http_builder(true);
    builder.map_err(|error| Error::input(None, vec![error.to_string()]))
}

fn without_certificates() -> Result<ClientConfig, rustls::Error> {
    config(None)
}

fn config(verifier: Option<Arc<dyn ServerCertVerifier>>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = match verifier {
        // Not dangerous: it is the verifier of the platform.
        Some(verifier) => builder
            .dangerous()
            .with_custom_certificate_verifier(verifier),
        None => builder.with_root_certificates(RootCertStore::empty()),
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The certificates in a PEM text; what is wrong with it otherwise.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if found.is_empty() => Err("it holds no certificate in PEM".to_owned()),
        Ok(found) => {
            let mut store = RootCertStore::empty();
            let (_, refused) = store.add_parsable_certificates(found.iter().cloned());
            match refused {
                0 => Ok(found),
                refused => Err(format!("{refused} of its certificates cannot be used")),
            }
        }
        Err(_) => Err("it is no PEM".to_owned()),
    }
}

impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address of a proxy may hold a password.
        let proxy = match &self.proxy {
            Proxying::System => "of the system",
            Proxying::Direct => "none",
            Proxying::Through(_) => "set",
        };
        f.debug_struct("Connect")
            .field("timeout", &self.timeout)
            .field("proxy", &proxy)
            .field("authorities", &self.authorities.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_needs_no_certificates() {
        assert!(Connect::new().http_client(true).is_ok());
        assert!(without_certificates().is_ok_and(|config| config.alpn_protocols.len() == 2));
    }

    #[test]
    fn what_is_no_certificate_is_told() {
        let pem = |body: &str| {
            format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
        };
        let problem = |text: &str| certificates(text.as_bytes()).expect_err("no certificate");
        assert_eq!(problem(""), "it holds no certificate in PEM");
        assert_eq!(problem("hunter2"), "it holds no certificate in PEM");
        assert_eq!(problem(&pem("!")), "it is no PEM");
        assert_eq!(
            problem(&pem("AAAA")),
            "1 of its certificates cannot be used"
        );
    }
}

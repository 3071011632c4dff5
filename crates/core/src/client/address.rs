//! The address of the API: where it is, and in which version.

use http::Uri;

/// An address up to the version, and the version at its end if there is one.
///
/// Without a scheme it is `https://`: no token travels in the open unless `http://` is said.
pub(super) fn address(url: &str) -> (String, Option<&str>) {
    let has_scheme = url.contains(":/");
    let url = url.trim().trim_end_matches('/');
    let (base, version) = match url.rsplit_once('/') {
        Some((base, last)) if is_version(last) => (base.trim_end_matches('/'), Some(last)),
        _ => (url, None),
    };
    match has_scheme || base.is_empty() {
        true => (base.to_owned(), version),
        false => (format!("https://{base}"), version),
    }
}

/// Whether a segment is a version: `v4`, `v4beta`, `v5alpha`.
fn is_version(segment: &str) -> bool {
    let Some(rest) = segment.strip_prefix('v') else {
        return false;
    };
    let stage = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    stage.len() < rest.len() && matches!(stage, "" | "beta" | "alpha")
}

/// What is wrong with an address.
pub(super) fn check_base(base: &str) -> Option<String> {
    // An address may hold a password: it is no part of the message then.
    if base.contains('@') {
        return Some("the base URL must not hold credentials".to_owned());
    }
    let uri = base.parse::<Uri>().ok();
    let good = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some()
            && uri.query().is_none()
    });
    let good = good && !base.contains('#');
    (!good).then(|| format!("the base URL `{base}` is not `https://` or `http://` and a host"))
}

/// What is wrong with a version, as part of an address.
pub(crate) fn check_version(version: &str) -> Option<String> {
    let good = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (!good).then(|| format!("the version `{version}` is none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_split_off_the_address() {
        let table = [
            ("https://api.linode.com", ("https://api.linode.com", None)),
            ("https://api.linode.com/", ("https://api.linode.com", None)),
            (
                "https://api.linode.com/v4/",
                ("https://api.linode.com", Some("v4")),
            ),
            (
                "http://127.0.0.1:1/proxy/v4beta",
                ("http://127.0.0.1:1/proxy", Some("v4beta")),
            ),
            ("http://host/vault", ("http://host/vault", None)),
        ];
        for (url, (base, version)) in table {
            assert_eq!(address(url), (base.to_owned(), version), "{url}");
        }
    }

    #[test]
    fn an_address_without_a_scheme_is_secure() {
        let table = [
            ("api.linode.com", "https://api.linode.com"),
            ("api.linode.com:8443/v4", "https://api.linode.com:8443"),
            ("localhost", "https://localhost"),
        ];
        for (url, base) in table {
            assert_eq!(address(url).0, base);
            assert_eq!(check_base(base), None);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let table = [
            "",
            "ftp://host",
            "https://",
            "https://a?b=c",
            "https://a#b",
            "http://a b",
            "a b",
            "https:/host",
        ];
        for url in table {
            assert!(check_base(&address(url).0).is_some(), "{url}");
        }
    }
}

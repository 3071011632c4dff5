//! What is often needed beside the calls: a strong password, SSH keys from files, the data of a StackScript checked
//! before it is sent.
//!
//! ```
//! use linode_core::helpers;
//!
//! let password = helpers::root_password()?;
//! assert_eq!(password.expose().len(), 48);
//! # Ok::<(), linode_core::Error>(())
//! ```

mod ssh;
mod stackscript;

use rustls::crypto::ring::default_provider;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::value::Secret;

pub use ssh::{own_ssh_keys, ssh_keys};
pub use stackscript::check_stackscript_data;

/// As many as six bits can tell apart, so that each is as likely as the others.
const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// 6 bits each: 288 of them. The API takes 7 to 128 characters.
const LENGTH: usize = 48;

/// A password for a root user: 48 characters at random, of the random numbers that TLS is built on. There are letters of
/// both cases, digits and punctuation among them, as the API asks for.
///
/// # Errors
///
/// An input error if the system has no random numbers.
///
/// ```
/// use linode_core::helpers::root_password;
///
/// assert_ne!(root_password()?, root_password()?);
/// assert_eq!(format!("{:?}", root_password()?), "[redacted]");
/// # Ok::<(), linode_core::Error>(())
/// ```
pub fn root_password() -> Result<Secret, Error> {
    let random = default_provider().secure_random;
    let mut bytes = Zeroizing::new([0; LENGTH]);
    loop {
        let filled = random.fill(&mut *bytes);
        filled.map_err(|_| {
            let problem = "the system has no random numbers for a password";
            Error::input(None, vec![problem.to_owned()])
        })?;
        let password: String = bytes.iter().map(|byte| sign(*byte)).collect();
        let password = Zeroizing::new(password);
        if is_mixed(&password) {
            return Ok(Secret::from(password.as_str()));
        }
    }
}

fn sign(byte: u8) -> char {
    char::from(SIGNS[usize::from(byte % 64)])
}

fn is_mixed(password: &str) -> bool {
    let kinds: [fn(&char) -> bool; 4] = [
        char::is_ascii_lowercase,
        char::is_ascii_uppercase,
        char::is_ascii_digit,
        char::is_ascii_punctuation,
    ];
    let has = |kind: &fn(&char) -> bool| password.chars().any(|sign| kind(&sign));
    kinds.iter().all(has)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn passwords_are_mixed_and_never_the_same() {
        let some: HashSet<String> = (0..500)
            .map(|_| root_password().expect("random numbers").expose().to_owned())
            .collect();
        assert_eq!(some.len(), 500);
        assert!(some.iter().all(|one| one.len() == LENGTH && is_mixed(one)));
        // Of 24,000 signs each of the 64 comes 375 times, give or take 19.
        let all: String = some.into_iter().collect();
        for sign in SIGNS.iter().map(|sign| char::from(*sign)) {
            let times = all.matches(sign).count();
            assert!((200..600).contains(&times), "{sign} came {times} times");
        }
    }

    #[test]
    fn a_password_of_one_kind_is_not_mixed() {
        for password in ["abcdefg", "Abcdefg", "Abcdef1", "ABCDE-1", ""] {
            assert!(!is_mixed(password), "{password}");
        }
        assert!(is_mixed("Abcde-1"));
    }
}

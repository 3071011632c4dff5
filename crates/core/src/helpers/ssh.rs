//! SSH keys from files.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use crate::error::Error;

/// The public SSH keys in a file (one on each line, as in `id_ed25519.pub` or `authorized_keys`), or in all `*.pub` of a
/// folder, in the order of their names. Certificates in a folder are left out: they are no keys for a server.
///
/// # Errors
///
/// An input error that names the file and the line: it cannot be read, it holds no key, or something that is none. A
/// private key is refused, and no part of any key stands in the message.
///
/// ```
/// use linode_core::helpers::ssh_keys;
///
/// let error = ssh_keys("no/such/key.pub").unwrap_err();
/// assert!(error.to_string().starts_with("the SSH keys in `no/such/key.pub`: "));
/// ```
pub fn ssh_keys(path: impl AsRef<Path>) -> Result<Vec<String>, Error> {
    let path = path.as_ref();
    read(path).map_err(|(path, problem)| {
        let problem = format!("the SSH keys in `{}`: {problem}", path.display());
        Error::input(None, vec![problem])
    })
}

/// The user's own public SSH keys: those in `~/.ssh/*.pub`.
///
/// # Errors
///
/// As [`ssh_keys`].
///
/// ```no_run
/// let keys = linode_core::helpers::own_ssh_keys()?;
/// # Ok::<(), linode_core::Error>(())
/// ```
pub fn own_ssh_keys() -> Result<Vec<String>, Error> {
    let home = env::home_dir().ok_or_else(|| {
        let problem = "the user has no home folder to look for SSH keys in";
        Error::input(None, vec![problem.to_owned()])
    })?;
    ssh_keys(home.join(".ssh"))
}

/// Where something is wrong, and what.
type Problem = (PathBuf, String);

fn read(path: &Path) -> Result<Vec<String>, Problem> {
    let told = |error: std::io::Error| (path.to_owned(), error.to_string());
    if !fs::metadata(path).map_err(told)?.is_dir() {
        return file(path);
    }
    let entries: Result<Vec<_>, _> = fs::read_dir(path).map_err(told)?.collect();
    let mut files: Vec<PathBuf> = entries
        .map_err(told)?
        .iter()
        .map(fs::DirEntry::path)
        .collect();
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".pub") && !name.ends_with("-cert.pub")
    });
    files.sort();
    let mut keys = Vec::new();
    for file in &files {
        keys.extend(self::file(file)?);
    }
    match keys.is_empty() {
        true => Err((path.to_owned(), "there are none (`*.pub`)".to_owned())),
        false => Ok(keys),
    }
}

fn file(path: &Path) -> Result<Vec<String>, Problem> {
    let text = fs::read_to_string(path).map_err(|error| (path.to_owned(), error.to_string()))?;
    keys(&text).map_err(|problem| (path.to_owned(), problem))
}

/// The keys of a text, one on each line that is no comment.
fn keys(text: &str) -> Result<Vec<String>, String> {
    if text.contains("PRIVATE KEY-----") {
        return Err("it is a private key, which stays where it is".to_owned());
    }
    let mut keys = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        check(line).map_err(|problem| format!("line {number}: {problem}"))?;
        keys.push(line.to_owned());
    }
    match keys.is_empty() {
        true => Err("there are none".to_owned()),
        false => Ok(keys),
    }
}

/// A key is the name of its kind, and in Base64 what begins with that name again.
fn check(line: &str) -> Result<(), &'static str> {
    let mut words = line.split_ascii_whitespace();
    let (Some(kind), Some(key)) = (words.next(), words.next()) else {
        return Err("it is no key: a kind and a key in Base64 were expected");
    };
    let decoded = STANDARD
        .decode(key)
        .or_else(|_| STANDARD_NO_PAD.decode(key));
    let decoded = decoded.map_err(|_| "it is no key: what follows the first word is no Base64")?;
    let named = decoded.split_first_chunk().and_then(|(length, rest)| {
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        Some((rest.get(..length)?, rest.get(length..)?))
    });
    match named {
        Some((name, rest)) if name == kind.as_bytes() && !rest.is_empty() => Ok(()),
        _ => {
            Err("it is no key, or not a whole one: it is of another kind than its first word says")
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read_or_refused(text in "(ssh-[a-z0-9]{0,9} )?[A-Za-z0-9+/=\\s]{0,60}|\\PC*") {
            if let Ok(keys) = keys(&text) {
                prop_assert!(keys.iter().all(|key| text.contains(key.as_str())));
            }
        }
    }

    /// A line of a kind, of which the key itself is made up.
    fn line(kind: &str, named: &str, comment: &str) -> String {
        let mut blob = u32::try_from(named.len())
            .expect("a short name")
            .to_be_bytes()
            .to_vec();
        blob.extend(named.as_bytes());
        blob.extend([7; 36]);
        format!("{kind} {}{comment}", STANDARD.encode(blob))
    }

    #[test]
    fn keys_are_lines() {
        let (one, two) = (
            line("ssh-ed25519", "ssh-ed25519", " me@host"),
            line("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", ""),
        );
        let text = format!("# mine\n\n{one}\r\n  {two}\n");
        assert_eq!(keys(&text), Ok(vec![one, two]));
    }

    #[test]
    fn what_is_no_key_is_told_and_not_shown() {
        let good = line("ssh-rsa", "ssh-rsa", "");
        let table = [
            (String::new(), "there are none"),
            ("# nothing\n".to_owned(), "there are none"),
            (
                "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n".to_owned(),
                "it is a private key, which stays where it is",
            ),
            (
                format!("{good}\nhunter2"),
                "line 2: it is no key: a kind and a key in Base64 were expected",
            ),
            (
                "ssh-rsa hunter2!".to_owned(),
                "line 1: it is no key: what follows the first word is no Base64",
            ),
            (
                line("ssh-rsa", "ssh-ed25519", ""),
                "line 1: it is no key, or not a whole one: it is of another kind than its first word says",
            ),
            (
                "ssh-rsa AAAA".to_owned(),
                "line 1: it is no key, or not a whole one: it is of another kind than its first word says",
            ),
            (
                "ssh-rsa /////w==".to_owned(),
                "line 1: it is no key, or not a whole one: it is of another kind than its first word says",
            ),
        ];
        for (text, problem) in table {
            assert_eq!(keys(&text), Err(problem.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_folder_is_read_in_the_order_of_its_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("a file");
        };
        let (one, two) = (
            line("ssh-rsa", "ssh-rsa", " b"),
            line("ssh-rsa", "ssh-rsa", " a"),
        );
        write("b.pub", &one);
        write("a.pub", &two);
        write("a", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
        write("a-cert.pub", "none of a key");
        assert_eq!(ssh_keys(folder.path()).expect("keys"), [two, one.clone()]);
        assert_eq!(ssh_keys(folder.path().join("b.pub")).expect("a key"), [one]);

        write("c.pub", "mangled");
        let error = ssh_keys(folder.path()).expect_err("no key").to_string();
        assert!(error.contains("c.pub`: line 1: it is no key"), "{error}");
        let empty = tempfile::tempdir().expect("a folder");
        let error = ssh_keys(empty.path()).expect_err("no keys").to_string();
        assert!(error.ends_with("there are none (`*.pub`)"), "{error}");
    }
}

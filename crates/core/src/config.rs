//! The configuration files of the command line tools: `~/.config/linode`, else `~/.config/linode-cli`.
//!
//! A file has a section for each profile; what a profile lacks, it has from the section `default`, whatever its case.
//!
//! ```ini
//! [default]
//! token = 0123456789abcdef
//!
//! [staging]
//! token = fedcba9876543210
//! api_url = https://api.staging.example
//! api_version = v4beta
//! ```
//!
//! The file of `linode-cli` has a section for each user, and `default-user` says which of them it is unless said otherwise;
//! its `api_host` and `api_scheme` are read as well.
//!
//! ```
//! use linode_core::Client;
//!
//! let folder = std::env::temp_dir().join(format!("linode-core-{}", std::process::id()));
//! std::fs::write(&folder, "[DEFAULT]\ndefault-user = me\n[me]\ntoken = s3cret\n")?;
//! let client: Client = Client::builder().config_file(&folder, None).build()?;
//! # std::fs::remove_file(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use configparser::ini::Ini;

use crate::value::Secret;

/// The section that all others inherit from.
const DEFAULT: &str = "default";

/// What a profile says. It has a token.
#[derive(Debug, PartialEq)]
pub(crate) struct Profile {
    pub(crate) token: Secret,
    pub(crate) url: Option<String>,
    pub(crate) version: Option<String>,
}

/// Reads a profile of a file; what is wrong with it otherwise.
pub(crate) fn from_file(path: &Path, profile: Option<&str>) -> Result<Profile, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string());
    let profile = text.and_then(|text| parse(&text, profile));
    profile.map_err(|problem| format!("the configuration file `{}`: {problem}", path.display()))
}

/// The file that is there.
pub(crate) fn find() -> Result<PathBuf, String> {
    let home = env::home_dir().unwrap_or_default();
    let folder = env::var_os("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty());
    let folder = folder.map_or_else(|| home.join(".config"), PathBuf::from);
    let known = [
        folder.join("linode"),
        folder.join("linode-cli"),
        home.join(".linode-cli"),
    ];
    let found = known.iter().find(|path| path.is_file());
    found.cloned().ok_or_else(|| {
        let known = known.map(|path| format!("`{}`", path.display()));
        format!(
            "there is no configuration file: neither {}",
            known.join(" nor ")
        )
    })
}

/// Reads a profile: the one that is named, or the one that the file takes for its default.
pub(crate) fn parse(text: &str, profile: Option<&str>) -> Result<Profile, String> {
    let mut ini = Ini::new();
    // A comment after a value is none in one of the two forms; see `Sections::get`.
    ini.set_inline_comment_symbols(Some(&[]));
    let sections = Sections(ini.read(text.to_owned())?);
    let wanted = profile.filter(|name| !name.eq_ignore_ascii_case(DEFAULT));
    let wanted = wanted.map(str::to_owned);
    let chosen = wanted.or_else(|| sections.own(DEFAULT, "default-user"));
    let name = chosen.map_or(DEFAULT.to_owned(), |name| name.to_lowercase());
    let name = name.as_str();
    if !sections.0.contains_key(name) {
        return Err(format!(
            "it has no profile `{name}`, but {}",
            sections.names()
        ));
    }
    let token = sections.get(name, "token");
    let token = token.ok_or_else(|| format!("its profile `{name}` has no token"))?;
    let host = || {
        let scheme = sections.get(name, "api_scheme");
        let host = sections.get(name, "api_host")?;
        Some(format!("{}://{host}", scheme.as_deref().unwrap_or("https")))
    };
    Ok(Profile {
        token: Secret::from(token),
        url: sections.get(name, "api_url").or_else(host),
        version: sections.get(name, "api_version"),
    })
}

/// The sections of a file, their names and keys in lower case.
struct Sections(
    std::collections::HashMap<String, std::collections::HashMap<String, Option<String>>>,
);

impl Sections {
    /// A value of a section or of the default one.
    fn get(&self, section: &str, key: &str) -> Option<String> {
        self.own(section, key).or_else(|| self.own(DEFAULT, key))
    }

    /// A value of a section. All of them are one word: what follows is a comment.
    fn own(&self, section: &str, key: &str) -> Option<String> {
        let value = self.0.get(section)?.get(key)?.as_deref()?;
        let word = value.split_whitespace().next()?.trim_matches(['"', '\'']);
        (!word.is_empty()).then(|| word.to_owned())
    }

    fn names(&self) -> String {
        let mut names: Vec<&str> = self.0.keys().map(String::as_str).collect();
        names.sort_unstable();
        match names.is_empty() {
            true => "none at all".to_owned(),
            false => names.join(", "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINODE: &str = "\
# of the libraries
[default]
token = one   ; mine
api_version = v4

[work]
token: \"two\"
api_url = https://api.example/v4beta

[Bare]
";

    const CLI: &str = "\
[DEFAULT]
default-user = Alice

[alice]
region = us-east
token = three
api_host = api.example
api_version = v4beta

[bob]
token = four
";

    fn profile(text: &str, name: Option<&str>) -> (String, Option<String>, Option<String>) {
        let profile = parse(text, name).expect("a profile");
        (
            profile.token.expose().to_owned(),
            profile.url,
            profile.version,
        )
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn profiles_inherit_the_default() {
        assert_eq!(profile(LINODE, None), ("one".into(), None, some("v4")));
        assert_eq!(profile(LINODE, Some("default")), profile(LINODE, None));
        assert_eq!(
            profile(LINODE, Some("work")),
            ("two".into(), some("https://api.example/v4beta"), some("v4"))
        );
        assert_eq!(profile(LINODE, Some("bare")), profile(LINODE, None));
    }

    #[test]
    fn the_command_line_tool_has_users() {
        let alice = ("three".into(), some("https://api.example"), some("v4beta"));
        assert_eq!(profile(CLI, None), alice);
        assert_eq!(profile(CLI, Some("ALICE")), alice);
        assert_eq!(profile(CLI, Some("bob")), ("four".into(), None, None));
        let plain = CLI.replace("[bob]", "[bob]\napi_scheme = http\napi_host = localhost:80");
        assert_eq!(profile(&plain, Some("bob")).1, some("http://localhost:80"));
    }

    #[test]
    fn what_is_wrong_is_told_without_the_secrets() {
        let table = [
            (
                LINODE,
                Some("home"),
                "it has no profile `home`, but bare, default, work",
            ),
            ("", None, "it has no profile `default`, but none at all"),
            (
                "[default]\ntoken =\n",
                None,
                "its profile `default` has no token",
            ),
            (
                "[DEFAULT]\ndefault-user = eve\n",
                None,
                "it has no profile `eve`, but default",
            ),
            (
                "[default\ntoken = hunter2\n",
                None,
                "line 1: Found opening bracket for section name but no closing bracket",
            ),
        ];
        for (text, name, problem) in table {
            assert_eq!(parse(text, name), Err(problem.to_owned()));
        }
    }
}

//! Where something is: JSON pointers, while walking and to look things up.

use std::fmt;

use super::Node;

/// A place in the tree while walking it: it lives on the stack and costs nothing until it is shown.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a> {
    parent: Option<&'a Here<'a>>,
    token: Token<'a>,
}

#[derive(Clone, Copy)]
enum Token<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Here<'a> {
    /// The whole document.
    pub const ROOT: Here<'static> = Here {
        parent: None,
        token: Token::Root,
    };

    /// The value of `key` in the map that is here.
    pub fn key(&'a self, key: &'a str) -> Here<'a> {
        Here {
            parent: Some(self),
            token: Token::Key(key),
        }
    }

    /// This place as a pointer of its own.
    pub fn pointer(&self) -> Pointer {
        let mut tokens = self
            .parent
            .map(|parent| parent.pointer().0)
            .unwrap_or_default();
        match self.token {
            Token::Root => {}
            Token::Key(key) => tokens.push(key.to_owned()),
            Token::Index(index) => tokens.push(index.to_string()),
        }
        Pointer(tokens)
    }

    /// The item at `index` of the list that is here.
    pub fn index(&'a self, index: usize) -> Here<'a> {
        Here {
            parent: Some(self),
            token: Token::Index(index),
        }
    }
}

impl fmt::Display for Here<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(out)?;
        }
        match self.token {
            Token::Root => Ok(()),
            Token::Key(key) => write!(out, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Token::Index(index) => write!(out, "/{index}"),
        }
    }
}

/// A JSON pointer, as its unescaped tokens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Pointer(pub Vec<String>);

impl Pointer {
    /// The place that a reference into this document names: `#/components/schemas/Linode`.
    pub fn of_reference(reference: &str) -> Option<Self> {
        let fragment = reference.strip_prefix('#')?;
        let fragment = percent_decode(fragment)?;
        Self::parse(&fragment)
    }

    /// A JSON pointer from its text.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self(Vec::new()));
        }
        let tokens = text.strip_prefix('/')?.split('/');
        Some(Self(
            tokens
                .map(|token| token.replace("~1", "/").replace("~0", "~"))
                .collect(),
        ))
    }

    /// The pointer to something inside.
    pub fn child(&self, token: &str) -> Self {
        let mut tokens = self.0.clone();
        tokens.push(token.to_owned());
        Self(tokens)
    }

    /// The node at this place.
    pub fn find<'t>(&self, root: &'t Node) -> Option<&'t Node> {
        self.0
            .iter()
            .try_fold(root, |node, token| node.child(token))
    }

    /// The node at this place, to change it.
    pub fn find_mut<'t>(&self, root: &'t mut Node) -> Option<&'t mut Node> {
        self.0.iter().try_fold(root, |node, token| match node {
            Node::Map(map) => map.get_mut(token),
            Node::List(list) => list.get_mut(token.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|token| Here::ROOT.key(token).fmt(out))
    }
}

/// Undoes the percent-encoding of a fragment; `None` where that leaves no text.
fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%')
            .then(|| tail.get(..2).and_then(hex_byte))
            .flatten();
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).ok()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    digits
        .bytes()
        .all(|digit| digit.is_ascii_hexdigit())
        .then(|| u8::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::parse;

    fn tree(text: &str) -> Node {
        parse(text.as_bytes()).expect("the test's own document")
    }

    #[test]
    fn a_pointer_shows_its_escapes() {
        let paths = Here::ROOT.key("paths");
        let item = paths.key("/a~b/{c}");
        assert_eq!(item.index(3).to_string(), "/paths/~1a~0b~1{c}/3");
        assert_eq!(
            Pointer::parse("/a~1b/~01")
                .map(|p| p.to_string())
                .as_deref(),
            Some("/a~1b/~01")
        );
    }

    #[test]
    fn references_are_percent_decoded() {
        let root = tree("a: {'/x/{id}': 1}");
        let pointer = Pointer::of_reference("#/a/~1x~1%7Bid%7D").expect("a pointer");
        assert_eq!(pointer.find(&root), Some(&Node::Number(1.into())));
        assert_eq!(Pointer::of_reference("#/a%ff"), None);
        assert_eq!(
            Pointer::of_reference("#/100%").map(|p| p.0),
            Some(vec!["100%".to_owned()])
        );
        assert_eq!(Pointer::of_reference("other.yaml#/a"), None);
    }
}

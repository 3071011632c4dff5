//! Text from elsewhere, as it may stand in a message.

use std::fmt::{self, Display, Write};

/// Shows something on one line: control characters, which could break a line of a log or drive a terminal, are escaped.
pub(crate) struct Line<T>(pub(crate) T);

impl<T: Display> Display for Line<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'f, 'w>(&'f mut fmt::Formatter<'w>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for piece in text.split_inclusive(char::is_control) {
            let end = piece.char_indices().next_back();
            match end.filter(|(_, last)| last.is_control()) {
                Some((at, last)) => write!(self.0, "{}{}", &piece[..at], last.escape_default())?,
                None => self.0.write_str(piece)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stays_on_its_line() {
        let table = [
            ("plain \"text\" ü", "plain \"text\" ü"),
            ("a\nb\r\n", r"a\nb\r\n"),
            ("\u{1b}[31m\u{7}", r"\u{1b}[31m\u{7}"),
            ("\u{85}", r"\u{85}"),
            ("", ""),
        ];
        for (text, line) in table {
            assert_eq!(Line(text).to_string(), line);
        }
    }
}

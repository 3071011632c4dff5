//! [`Content`]: what a body or a part of one consists of: bytes, a file, or what is read while it is sent.
//!
//! ```
//! use linode_core::Content;
//!
//! let bytes = Content::from("all well");
//! assert_eq!(bytes.len(), Some(8));
//! let file = Content::file("/var/log/syslog").on_progress(|sent, of| println!("{sent} of {of:?}"));
//! ```
//!
//! What is sent again after a fault is read again: bytes and files can be, any number of times; a stream or a reader
//! only as long as nothing of it was read.

mod reading;

use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncRead;

use crate::token::BoxError;
use reading::Once;

pub(crate) use reading::{Reading, Sending};

/// Bytes, a file, a stream or a reader, to be sent. Clones of a stream or a reader share it: one of them sends it.
///
/// ```
/// use linode_core::Content;
///
/// assert_eq!(Content::from(vec![1, 2, 3]).len(), Some(3));
/// ```
#[derive(Clone)]
pub struct Content {
    source: Source,
    progress: Option<Progress>,
    /// Why it cannot be sent.
    problem: Option<String>,
}

/// What hears how far it is.
type Progress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    File(PathBuf, u64),
    Once(Arc<Once>, Option<u64>),
    /// One after the other.
    Parts(Arc<[Content]>),
}

impl Content {
    /// A file, which is opened when it is sent, and anew when it is sent again. Its size is that of now. One that is not
    /// there is an error when it is sent.
    ///
    /// ```
    /// use linode_core::Content;
    ///
    /// assert_eq!(Content::file("no/such/file").len(), None);
    /// ```
    pub fn file(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let (size, problem) = match fs::metadata(path) {
            Ok(found) if found.is_dir() => (0, Some("it is a folder".to_owned())),
            Ok(found) => (found.len(), None),
            Err(error) => (0, Some(error.to_string())),
        };
        Content {
            problem: problem.map(|problem| format!("the file `{}`: {problem}", path.display())),
            ..Content::of(Source::File(path.to_owned(), size))
        }
    }

    /// A stream of pieces. Its size is told beforehand with [`Content::sized`], if it is known.
    ///
    /// ```
    /// use std::convert::Infallible;
    /// use linode_core::{Bytes, Content, futures_core::Stream};
    ///
    /// fn content(pieces: impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static) -> Content {
    ///     Content::stream(pieces)
    /// }
    /// ```
    pub fn stream<E: Into<BoxError> + 'static>(
        pieces: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
    ) -> Self {
        Content::once(reading::stream(pieces))
    }

    /// What an asynchronous reader gives. Its size is told beforehand with [`Content::sized`], if it is known.
    ///
    /// ```
    /// # fn run(reader: impl tokio::io::AsyncRead + Send + 'static) {
    /// let content = linode_core::Content::reader(reader);
    /// # }
    /// ```
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Content::once(reading::reader(reader))
    }

    /// What a reader gives that blocks: it is read on a thread where that does no harm.
    ///
    /// ```
    /// use std::io::Cursor;
    /// use linode_core::Content;
    ///
    /// let content = Content::blocking_reader(Cursor::new(b"all well")).sized(8);
    /// assert_eq!(content.len(), Some(8));
    /// ```
    pub fn blocking_reader(reader: impl Read + Send + 'static) -> Self {
        Content::once(reading::blocking(reader))
    }

    /// Tells how many bytes a stream or a reader will give, so that the receiver knows it beforehand. Another number
    /// ends the call with an error.
    ///
    /// ```
    /// use linode_core::Content;
    ///
    /// let content = Content::blocking_reader(std::io::empty()).sized(0);
    /// assert_eq!(content.len(), Some(0));
    /// ```
    pub fn sized(mut self, bytes: u64) -> Self {
        if let Source::Once(_, size) = &mut self.source {
            *size = Some(bytes);
        }
        self
    }

    /// Hears how many bytes were handed to the connection, and of how many, after every piece. It begins anew when the
    /// content is sent again. It is called between two pieces: what takes long belongs elsewhere.
    ///
    /// ```
    /// use linode_core::Content;
    ///
    /// let content = Content::from("all well").on_progress(|sent, of| println!("{sent} of {of:?}"));
    /// ```
    pub fn on_progress(mut self, hear: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(hear));
        self
    }

    /// How many bytes there are, if that is known.
    ///
    /// ```
    /// assert_eq!(linode_core::Content::from("").len(), Some(0));
    /// ```
    #[allow(
        clippy::len_without_is_empty,
        reason = "whether a stream is empty is not known before it is read"
    )]
    pub fn len(&self) -> Option<u64> {
        match &self.source {
            _ if self.problem.is_some() => None,
            Source::Bytes(bytes) => Some(bytes.len() as u64),
            Source::File(_, size) => Some(*size),
            Source::Once(_, size) => *size,
            Source::Parts(parts) => parts.iter().map(Content::len).sum(),
        }
    }

    /// The bytes, where it consists of bytes.
    ///
    /// ```
    /// use linode_core::Content;
    ///
    /// assert_eq!(Content::from("all well").bytes().map(|bytes| &bytes[..]), Some(&b"all well"[..]));
    /// assert!(Content::blocking_reader(std::io::empty()).bytes().is_none());
    /// ```
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.source {
            Source::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Contents one after the other: bytes if all of them are.
    pub(crate) fn parts(parts: Vec<Content>) -> Self {
        let whole: Option<Vec<&[u8]>> = parts
            .iter()
            .map(|part| {
                part.bytes()
                    .filter(|_| part.progress.is_none())
                    .map(|bytes| &bytes[..])
            })
            .collect();
        match whole {
            Some(whole) => Content::from(whole.concat()),
            None => Content {
                problem: parts.iter().find_map(|part| part.problem.clone()),
                ..Content::of(Source::Parts(parts.into()))
            },
        }
    }

    /// Why it cannot be sent, as far as that is known before it is.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Whether someone hears of its pieces.
    pub(crate) fn is_heard(&self) -> bool {
        self.progress.is_some()
    }

    /// Whether it cannot be sent again.
    pub(crate) fn is_spent(&self) -> bool {
        match &self.source {
            Source::Bytes(_) | Source::File(..) => false,
            Source::Once(once, _) => once.is_spent(),
            Source::Parts(parts) => parts.iter().any(Content::is_spent),
        }
    }

    /// The same content, of which something was read already and is read anew before the rest.
    pub(crate) fn replaced(self, reading: Reading) -> Self {
        let size = self.len();
        Content {
            source: Source::Once(Arc::new(Once::new(reading)), size),
            ..self
        }
    }

    /// Begins to read it.
    pub(crate) async fn open(&self) -> Result<Reading, BoxError> {
        let reading = self.open_unheard().await?;
        Ok(match &self.progress {
            Some(hear) => reading::heard(reading, Arc::clone(hear), self.len()),
            None => reading,
        })
    }

    /// Begins to read it, and nobody hears of it.
    pub(crate) async fn open_unheard(&self) -> Result<Reading, BoxError> {
        Ok(match &self.source {
            _ if self.problem.is_some() => {
                return Err(self.problem.clone().unwrap_or_default().into());
            }
            Source::Bytes(bytes) => reading::pieces(bytes.clone()),
            Source::File(path, size) => reading::file(path, *size).await?,
            Source::Once(once, _) => once.lend()?,
            Source::Parts(parts) => reading::parts(Arc::clone(parts)),
        })
    }

    fn of(source: Source) -> Self {
        Content {
            source,
            progress: None,
            problem: None,
        }
    }

    fn once(reading: Reading) -> Self {
        Content::of(Source::Once(Arc::new(Once::new(reading)), None))
    }
}

/// How much of a body was handed over: as long as it moves, it is not late.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Arc<Measured>);

#[derive(Debug, Default)]
struct Measured {
    bytes: AtomicU64,
    whole: AtomicBool,
}

impl Meter {
    pub(crate) fn count(&self, bytes: usize) {
        self.0.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// There is no more to hand over.
    pub(crate) fn end(&self) {
        self.0.whole.store(true, Ordering::Relaxed);
    }

    /// Whether all of it was handed over: what is late then is the answer.
    pub(crate) fn is_whole(&self) -> bool {
        self.0.whole.load(Ordering::Relaxed)
    }

    pub(crate) fn read(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }
}

impl Default for Content {
    fn default() -> Self {
        Content::from(Bytes::new())
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Content::of(Source::Bytes(bytes))
    }
}

macro_rules! from_bytes {
    ($($source:ty),+) => {
        $(impl From<$source> for Content {
            fn from(bytes: $source) -> Self {
                Content::from(Bytes::from(bytes))
            }
        })+
    };
}

from_bytes!(Vec<u8>, String, &'static [u8], &'static str);

impl<const N: usize> From<&'static [u8; N]> for Content {
    fn from(bytes: &'static [u8; N]) -> Self {
        Content::from(&bytes[..])
    }
}

impl From<&Path> for Content {
    fn from(path: &Path) -> Self {
        Content::file(path)
    }
}

impl From<PathBuf> for Content {
    fn from(path: PathBuf) -> Self {
        Content::file(path)
    }
}

/// What it consists of is not shown: there may be secrets in it.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.source {
            Source::Bytes(_) => "Bytes",
            Source::File(..) => "File",
            Source::Once(..) => "Stream",
            Source::Parts(_) => "Parts",
        };
        f.debug_tuple(kind).field(&self.len()).finish()
    }
}

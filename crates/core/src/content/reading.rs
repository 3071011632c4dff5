//! Contents as they are read, piece by piece.

use std::fmt;
use std::io::{self, Read};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use http_body::{Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Content, Meter, Progress};
use crate::token::BoxError;

/// Pieces of a content.
pub(crate) type Reading = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// How large a piece is at most, where that is up to us.
const PIECE: usize = 64 * 1024;

pub(super) fn stream<E: Into<BoxError> + 'static>(
    pieces: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
) -> Reading {
    Box::pin(pieces.map_err(Into::into))
}

pub(super) fn reader(reader: impl AsyncRead + Send + 'static) -> Reading {
    let pieces = stream::try_unfold(Box::pin(reader), async |mut reader| {
        let mut piece = BytesMut::with_capacity(PIECE);
        let read = reader.read_buf(&mut piece).await?;
        Ok::<_, io::Error>((read > 0).then(|| (piece.freeze(), reader)))
    });
    stream(pieces)
}

pub(super) fn blocking(reader: impl Read + Send + 'static) -> Reading {
    let pieces = stream::try_unfold(reader, async |mut reader| {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            loop {
                match reader.read(&mut piece) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => return (read, piece, reader),
                }
            }
        });
        let (read, mut piece, reader) = read.await.map_err(io::Error::other)?;
        let read = read?;
        piece.truncate(read);
        Ok::<_, io::Error>((read > 0).then(|| (Bytes::from(piece), reader)))
    });
    stream(pieces)
}

/// A file, up to the size that was told of it: what is appended meanwhile is not sent.
pub(super) async fn file(path: &Path, size: u64) -> Result<Reading, BoxError> {
    let opened = File::open(path).await;
    let opened = opened.map_err(|error| format!("the file `{}`: {error}", path.display()))?;
    Ok(reader(opened.take(size)))
}

pub(super) fn pieces(bytes: Bytes) -> Reading {
    let pieces = stream::unfold(bytes, async |mut rest| {
        let piece = rest.split_to(rest.len().min(PIECE));
        (!piece.is_empty()).then_some((Ok::<_, BoxError>(piece), rest))
    });
    Box::pin(pieces)
}

/// Each part is opened when it is its turn.
pub(super) fn parts(parts: Arc<[Content]>) -> Reading {
    let opened = stream::iter(0..parts.len()).then(move |index| {
        let part = parts[index].clone();
        // A part may have parts itself.
        Box::pin(async move { part.open().await }) as crate::BoxFuture<'static, _>
    });
    Box::pin(opened.try_flatten())
}

pub(super) fn heard(reading: Reading, hear: Progress, of: Option<u64>) -> Reading {
    let mut sent = 0;
    Box::pin(reading.inspect_ok(move |piece| {
        sent += piece.len() as u64;
        hear(sent, of);
    }))
}

/// What can be read once, and is lent to whoever sends it: it comes back as long as nothing of it was read.
pub(super) struct Once(Mutex<Option<Reading>>);

impl Once {
    pub(super) fn new(reading: Reading) -> Self {
        Once(Mutex::new(Some(reading)))
    }

    fn held(&self) -> MutexGuard<'_, Option<Reading>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_spent(&self) -> bool {
        self.held().is_none()
    }

    pub(super) fn lend(self: &Arc<Self>) -> Result<Reading, BoxError> {
        let reading = self.held().take();
        let reading = reading.ok_or("its content is a stream, which can be sent once")?;
        Ok(Box::pin(Lent {
            of: Arc::clone(self),
            reading: Some(reading),
            touched: false,
        }))
    }
}

struct Lent {
    of: Arc<Once>,
    reading: Option<Reading>,
    touched: bool,
}

impl Stream for Lent {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.touched = true;
        match &mut self.reading {
            Some(reading) => reading.as_mut().poll_next(context),
            None => Poll::Ready(None),
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if !self.touched {
            *self.of.held() = self.reading.take();
        }
    }
}

/// A content on its way into a connection.
pub(crate) struct Sending {
    /// Never locked: it makes what is read by one task at a time shareable.
    reading: Mutex<Reading>,
    left: Option<u64>,
    meter: Meter,
}

impl Sending {
    pub(crate) fn new(reading: Reading, size: Option<u64>, meter: Meter) -> Self {
        Sending {
            reading: Mutex::new(reading),
            left: size,
            meter,
        }
    }
}

impl http_body::Body for Sending {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let reading = this.reading.get_mut();
        let reading = reading.unwrap_or_else(PoisonError::into_inner);
        let piece =
            match ready!(reading.as_mut().poll_next(context)) {
                Some(Ok(piece)) => piece,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    this.meter.end();
                    let short = this.left.filter(|left| *left > 0);
                    return Poll::Ready(short.map(|left| {
                        Err(format!("its content ended {left} bytes too early").into())
                    }));
                }
            };
        if let Some(left) = &mut this.left {
            match left.checked_sub(piece.len() as u64) {
                Some(rest) => *left = rest,
                None => {
                    return Poll::Ready(Some(Err("its content is longer than was told".into())));
                }
            }
        }
        this.meter.count(piece.len());
        // Nobody asks for more of what has its size.
        if this.left == Some(0) {
            this.meter.end();
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl fmt::Debug for Sending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sending").field(&self.left).finish()
    }
}

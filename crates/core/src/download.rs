//! [`Download`]: an answer that is received as it comes, instead of being kept in memory.
//!
//! ```no_run
//! # async fn run(call: linode_core::Request) -> Result<(), Box<dyn std::error::Error>> {
//! let mut download = call.download().await?;
//! let mut file = tokio::fs::File::create("thumbnail.png").await?;
//! let bytes = download.copy_to(&mut file).await?;
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode, header};
use http_body::Body;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::error::{Error, TransportError};
use crate::limit::RateLimit;
use crate::response::Response;
use crate::token::BoxError;

/// A successful answer whose body comes piece by piece: a stream of bytes. It ends with an error if it is larger than
/// [`ClientBuilder::max_answer_bytes`](crate::ClientBuilder::max_answer_bytes), or if nothing more comes for as long as
/// an attempt may take while it is waited for: whoever takes their time between two pieces is not late.
///
/// ```
/// use linode_core::Download;
///
/// fn describe(download: &Download) -> String {
///     format!("{}, {:?} bytes", download.status(), download.len())
/// }
/// ```
#[must_use = "what is not read is not received"]
pub struct Download {
    response: Response,
    rest: Option<reqwest::Body>,
    /// How many more bytes are taken, of how many.
    left: usize,
    most: usize,
    stall: Option<Stall>,
}

/// Ends what does not move while it is waited for.
struct Stall {
    after: Duration,
    /// None as long as nobody waits.
    end: Option<Pin<Box<Sleep>>>,
}

impl Download {
    pub(crate) fn new(
        response: Response,
        rest: Option<Box<reqwest::Response>>,
        most: usize,
        stall: Option<Duration>,
    ) -> Self {
        Download {
            response,
            rest: rest.map(|rest| reqwest::Body::from(*rest)),
            left: most,
            most,
            stall: stall.map(|after| Stall { after, end: None }),
        }
    }

    /// The status.
    ///
    /// ```
    /// fn partial(download: &linode_core::Download) -> bool {
    ///     download.status().as_u16() == 206
    /// }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The headers.
    ///
    /// ```
    /// fn is_png(download: &linode_core::Download) -> bool {
    ///     download.headers().get("content-type").is_some_and(|found| found == "image/png")
    /// }
    /// ```
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// What the answer says about the limit of its operation.
    ///
    /// ```
    /// fn left(download: &linode_core::Download) -> Option<u64> {
    ///     download.rate_limit().remaining
    /// }
    /// ```
    pub fn rate_limit(&self) -> RateLimit {
        self.response.rate_limit()
    }

    /// How many bytes there are altogether, if the API tells.
    ///
    /// ```
    /// fn is_large(download: &linode_core::Download) -> bool {
    ///     download.len().is_some_and(|bytes| bytes > 1 << 20)
    /// }
    /// ```
    #[allow(
        clippy::len_without_is_empty,
        reason = "whether it is empty is not always known"
    )]
    pub fn len(&self) -> Option<u64> {
        let told = self.headers().get(header::CONTENT_LENGTH)?;
        told.to_str().ok()?.parse().ok()
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    ///
    /// A transport error, if it is cut off, does not move, or is too large.
    ///
    /// ```
    /// # async fn run(mut download: linode_core::Download) -> Result<(), linode_core::Error> {
    /// while let Some(piece) = download.try_next().await? {
    ///     println!("{} bytes", piece.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }

    /// Writes it all to a file, say, and tells how many bytes that were.
    ///
    /// # Errors
    ///
    /// As [`Download::try_next`]; and what the writer says, as a transport error too.
    ///
    /// ```
    /// # async fn run(mut download: linode_core::Download) -> Result<(), linode_core::Error> {
    /// let mut memory = Vec::new();
    /// let bytes = download.copy_to(&mut memory).await?;
    /// assert_eq!(bytes, memory.len() as u64);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn copy_to(
        &mut self,
        writer: &mut (impl AsyncWrite + Unpin + ?Sized),
    ) -> Result<u64, Error> {
        let mut bytes = 0;
        while let Some(piece) = self.try_next().await? {
            let written = writer.write_all(&piece).await;
            written.map_err(|error| self.broken(false, error))?;
            bytes += piece.len() as u64;
        }
        let flushed = writer.flush().await;
        flushed.map_err(|error| self.broken(false, error))?;
        Ok(bytes)
    }

    fn broken(&mut self, timeout: bool, source: impl Into<BoxError>) -> Error {
        self.rest = None;
        Error::Transport(Box::new(TransportError {
            operation: self.response.operation(),
            timeout,
            sent: true,
            attempts: self.response.attempts(),
            source: source.into(),
        }))
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let Some(rest) = &mut this.rest else {
                return Poll::Ready(None);
            };
            let frame = match Pin::new(rest).poll_frame(context) {
                Poll::Ready(frame) => frame,
                Poll::Pending => {
                    let stall = this.stall.as_mut();
                    return match stall.and_then(|stall| stall.over(context)) {
                        Some(problem) => Poll::Ready(Some(Err(this.broken(true, problem)))),
                        None => Poll::Pending,
                    };
                }
            };
            match frame.map(|frame| frame.map(http_body::Frame::into_data)) {
                None => this.rest = None,
                Some(Err(error)) => {
                    let timeout = error.is_timeout();
                    return Poll::Ready(Some(Err(this.broken(timeout, error.without_url()))));
                }
                // Trailers are no content.
                Some(Ok(Err(_))) => {}
                Some(Ok(Ok(piece))) => {
                    if let Some(stall) = &mut this.stall {
                        stall.end = None;
                    }
                    let Some(left) = this.left.checked_sub(piece.len()) else {
                        let problem = format!("the answer is larger than {} bytes", this.most);
                        return Poll::Ready(Some(Err(this.broken(false, problem))));
                    };
                    this.left = left;
                    return Poll::Ready(Some(Ok(piece)));
                }
            }
        }
    }
}

impl Stall {
    /// What to say if it was waited too long. The wait begins when it is first asked, not with the piece before: the thread
    /// may have been busy meanwhile, and nobody looked whether more had come.
    fn over(&mut self, context: &mut Context<'_>) -> Option<String> {
        let end = match &mut self.end {
            Some(end) => end,
            none => none.insert(Box::pin(sleep_until(
                Instant::now().checked_add(self.after)?,
            ))),
        };
        let over = end.as_mut().poll(context).is_ready();
        over.then(|| format!("nothing came for {:?}", self.after))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("status", &self.status())
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

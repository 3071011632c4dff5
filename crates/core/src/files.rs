//! Files that do not go to the API itself: [`Upload`] sends one to the address that the API gave for it.
//!
//! ```no_run
//! use linode_core::{Client, Content, Error, Upload};
//!
//! # async fn run(client: Client, upload_to: &str) -> Result<(), Error> {
//! Upload::new(&client, upload_to, Content::file("image.img.gz"))
//!     .on_progress(|sent, of| println!("{sent} of {of:?}"))
//!     .await?;
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream;
use http::{HeaderValue, Method, Uri, header};

use crate::client::Client;
use crate::content::Content;
use crate::error::Error;
use crate::operation::Operation;
use crate::retry::Retry;
use crate::see;
use crate::token::{BoxError, BoxFuture};
use crate::transport::{Outgoing, Patience, Receive};

/// What the address stands for in errors: it is a key to what lies behind it, and shown nowhere.
static UPLOAD: Operation = Operation::new(Method::PUT, "upload_to").public();

/// How long the server may take to answer once it has the whole file.
const ANSWER: Duration = Duration::from_secs(600);

/// The bytes that a gzip file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A file on its way to the address that the API gave for it: nothing leaves until it is awaited.
///
/// The token stays here: the address is a key by itself. It has to be `https://`, unless the client itself goes to
/// `http://`. The file has to be a gzip, as the API says. An answer other than success is an error. There is no limit
/// for the whole time, unless it is set; an upload that does not move for as long as an attempt of the client may take is
/// given up. It is tried again as the client says, if the content can be read again. Once all of it is sent, the server may
/// work on it for a while: see [`Upload::answer_timeout`].
///
/// ```no_run
/// use linode_core::{Client, Content, Error, Upload};
///
/// # async fn run(client: Client, upload_to: &str) -> Result<(), Error> {
/// let image = tokio::fs::File::open("image.img.gz").await.expect("a file");
/// Upload::new(&client, upload_to, Content::reader(image)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "an upload does nothing until it is awaited"]
pub struct Upload {
    client: Client,
    to: String,
    content: Content,
    checked: bool,
    patience: Patience,
}

impl Upload {
    /// An upload of a content to an address.
    ///
    /// ```
    /// # use linode_core::{Client, Upload};
    /// let client = Client::new("s3cret")?;
    /// let upload = Upload::new(&client, "https://storage.example/?key=4711", "content");
    /// assert!(!format!("{upload:?}").contains("4711"));
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn new(client: &Client, to: impl Into<String>, content: impl Into<Content>) -> Self {
        Upload {
            client: client.clone(),
            to: to.into(),
            content: content.into(),
            checked: true,
            patience: Patience {
                timeout: Some(None),
                answer: Some(Some(ANSWER)),
                ..Patience::default()
            },
        }
    }

    /// Hears how many bytes were sent, and of how many: see [`Content::on_progress`].
    ///
    /// ```
    /// # use linode_core::Upload;
    /// fn loud(upload: Upload) -> Upload {
    ///     upload.on_progress(|sent, of| println!("{sent} of {of:?}"))
    /// }
    /// ```
    pub fn on_progress(mut self, hear: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        self.content = self.content.on_progress(hear);
        self
    }

    /// Whether the content has to begin as a gzip file does; it has, unless said otherwise.
    ///
    /// ```
    /// # use linode_core::Upload;
    /// fn raw(upload: Upload) -> Upload {
    ///     upload.check_gzip(false)
    /// }
    /// ```
    pub fn check_gzip(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    /// How long it may take altogether; `None` is for ever.
    ///
    /// ```
    /// # use linode_core::Upload;
    /// # use std::time::Duration;
    /// fn within_an_hour(upload: Upload) -> Upload {
    ///     upload.timeout(Duration::from_secs(3600))
    /// }
    /// ```
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.patience.timeout = Some(timeout.into());
        self
    }

    /// How long the answer may take once the whole file is sent: ten minutes, unless said otherwise; `None` is for ever. After
    /// that the call ends, and nothing is sent again: the server has it all, and whether it took it is not known.
    ///
    /// ```
    /// # use linode_core::Upload;
    /// # use std::time::Duration;
    /// fn patient(upload: Upload) -> Upload {
    ///     upload.answer_timeout(Duration::from_secs(3600))
    /// }
    /// ```
    pub fn answer_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.patience.answer = Some(timeout.into());
        self
    }

    /// How it is tried again, whatever the client says.
    ///
    /// ```
    /// # use linode_core::{Retry, Upload};
    /// fn once(upload: Upload) -> Upload {
    ///     upload.retry(Retry::never())
    /// }
    /// ```
    pub fn retry(mut self, retry: Retry) -> Self {
        self.patience.retry = Some(retry);
        self
    }

    async fn run(self) -> Result<(), Error> {
        let wrong = |problem: String| Error::input(Some(&UPLOAD), vec![problem]);
        if let Some(problem) = self.content.problem() {
            return Err(wrong(problem.to_owned()));
        }
        let address = address(&self.to, &self.client).map_err(&wrong)?;
        let content = match self.checked {
            true => gzip(self.content).await.map_err(&wrong)?,
            false => self.content,
        };
        let mut request = http::Request::new(content);
        *request.method_mut() = Method::PUT;
        *request.uri_mut() = address;
        let headers = request.headers_mut();
        let kind = HeaderValue::from_static("application/octet-stream");
        headers.insert(header::CONTENT_TYPE, kind);
        let agent = self.client.settings().user_agent.clone();
        headers.insert(header::USER_AGENT, agent);
        let call = Outgoing {
            client: &self.client,
            operation: &UPLOAD,
            request,
            patience: &self.patience,
            receive: Receive::Whole,
            anonymous: true,
        };
        let (response, _) = see::call(&UPLOAD, None, call.send()).await?;
        response.success().map(drop)
    }
}

/// The address, if something may be sent to it. It is no part of the message otherwise.
fn address(to: &str, client: &Client) -> Result<Uri, String> {
    let address: Uri = to
        .parse()
        .map_err(|_| "the address to upload to is none".to_owned())?;
    let authority = address.authority().map(http::uri::Authority::as_str);
    if authority.is_none_or(|authority| authority.contains('@')) {
        return Err("the address to upload to is none".to_owned());
    }
    let plain = client.settings().base.starts_with("http:");
    match address.scheme_str() {
        Some("https") => Ok(address),
        Some("http") if plain => Ok(address),
        _ => Err("the address to upload to is not `https://`".to_owned()),
    }
}

/// The content, once it was seen to begin as a gzip file does.
async fn gzip(content: Content) -> Result<Content, String> {
    let mut reading = content.open_unheard().await.map_err(|e| e.to_string())?;
    let mut seen: Vec<Bytes> = Vec::new();
    let mut head = BytesMut::new();
    while head.len() < GZIP.len() {
        let Some(piece) = reading.next().await else {
            break;
        };
        let piece = piece.map_err(|error| error.to_string())?;
        head.extend_from_slice(&piece[..piece.len().min(GZIP.len())]);
        seen.push(piece);
    }
    if head.get(..GZIP.len()) != Some(&GZIP[..]) {
        return Err("the file is no gzip, which the API takes alone".to_owned());
    }
    if !content.is_spent() {
        return Ok(content);
    }
    let seen = stream::iter(seen.into_iter().map(Ok::<_, BoxError>));
    Ok(content.replaced(Box::pin(seen.chain(reading))))
}

impl IntoFuture for Upload {
    type Output = Result<(), Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("content", &self.content)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

//! A server on the loopback interface that answers as a test says, and remembers what it was asked.
#![allow(dead_code, reason = "every test takes what it needs")]

use std::sync::{Arc, Mutex};

use linode_core::{Client, ClientBuilder, Retry};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method and target: `GET /v4/tags?page=1`.
    pub line: String,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Asked {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The number after `page=`.
    pub fn page(&self) -> i64 {
        let query = self.line.split_once("page=").map_or("", |(_, rest)| rest);
        let digits: String = query.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    }
}

/// What the server does.
pub enum Reply {
    /// It answers with a status, more headers and a body.
    Answer(u16, &'static str, String),
    /// It writes these bytes and closes the connection.
    Raw(Vec<u8>),
    /// It resets the connection.
    Reset,
    /// It never answers.
    Hang,
}

/// An answer in JSON.
pub fn json(status: u16, body: &str) -> Reply {
    Reply::Answer(
        status,
        "Content-Type: application/json\r\n",
        body.to_owned(),
    )
}

/// A running server.
pub struct Server {
    /// Its address.
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// Tells of every connection that the client closed while the server hung.
    pub dropped: mpsc::UnboundedReceiver<()>,
}

impl Server {
    /// Starts a server. It ends with the runtime of the test.
    pub async fn start(reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (tell, dropped) = mpsc::unbounded_channel();
        let (log, reply) = (Arc::clone(&asked), Arc::new(reply));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(
                    stream,
                    Arc::clone(&log),
                    Arc::clone(&reply),
                    tell.clone(),
                ));
            }
        });
        Server {
            url,
            asked,
            dropped,
        }
    }

    /// A client of this server.
    pub fn client(&self) -> Client {
        self.builder().build().expect("a client")
    }

    /// A builder for a client of this server, which tries nothing twice.
    pub fn builder(&self) -> ClientBuilder {
        Client::builder()
            .token("s3cret")
            .base_url(&self.url)
            .retry(Retry::never())
    }

    /// All that was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic").clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    log: Arc<Mutex<Vec<Asked>>>,
    reply: Arc<impl Fn(&Asked) -> Reply + Send + Sync + 'static>,
    dropped: mpsc::UnboundedSender<()>,
) {
    while let Some(asked) = receive(&mut stream).await {
        let reply = reply(&asked);
        log.lock().expect("no panic").push(asked);
        match reply {
            Reply::Answer(status, headers, body) => {
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n");
                let head = if status == 204 {
                    format!("HTTP/1.1 204 X\r\n{headers}\r\n")
                } else {
                    head
                };
                if stream.write_all((head + &body).as_bytes()).await.is_err() {
                    return;
                }
            }
            Reply::Raw(bytes) => {
                // The client may be gone already.
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Reply::Reset => {
                // The client may be gone already.
                let _ = stream.set_zero_linger();
                return;
            }
            Reply::Hang => {
                let mut rest = [0; 64];
                while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
                let _ = dropped.send(());
                return;
            }
        }
    }
}

async fn receive(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        more(stream, &mut bytes).await?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap_or(0));
    while bytes.len() < end + length {
        more(stream, &mut bytes).await?;
    }
    let body = String::from_utf8_lossy(&bytes[end..end + length]).into_owned();
    Some(Asked {
        line,
        headers,
        body,
    })
}

async fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut piece = [0; 4096];
    let read = stream
        .read(&mut piece)
        .await
        .ok()
        .filter(|read| *read > 0)?;
    bytes.extend_from_slice(&piece[..read]);
    Some(())
}

//! A server that speaks as much HTTP/2 as it takes to refuse requests, frame by frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const REFUSED_STREAM: u32 = 7;
const INTERNAL_ERROR: u32 = 2;

/// What the server does with a request.
#[derive(Clone, Copy)]
pub enum Frames {
    /// It answers with 200 and nothing else.
    Answer,
    /// It goes away, and says that this stream is beyond the last that it took.
    GoAwayBefore,
    /// It goes away after it took this stream, and closes the connection.
    GoAwayAfter,
    /// It refuses the stream.
    Refuse,
    /// It breaks the stream off.
    Break,
}

/// Starts a server whose first requests end as said, and all others well; its address, and how many requests it saw.
pub async fn start(frames: Frames, times: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                // The client may be gone at any time.
                let _ = serve(stream, frames, times, &count).await;
            });
        }
    });
    (url, seen)
}

async fn serve(
    mut stream: TcpStream,
    frames: Frames,
    times: usize,
    seen: &AtomicUsize,
) -> std::io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    write(&mut stream, SETTINGS, 0, 0, &[]).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [a, b, c, kind, flags, id @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        stream.read_exact(&mut payload).await?;
        let id = u32::from_be_bytes(id);
        if kind == SETTINGS && flags == 0 {
            write(&mut stream, SETTINGS, 1, 0, &[]).await?;
        }
        if !matches!(kind, HEADERS | DATA) || flags & END_STREAM == 0 {
            continue;
        }
        let number = seen.fetch_add(1, Ordering::SeqCst);
        match if number < times {
            frames
        } else {
            Frames::Answer
        } {
            // The one byte is the header `:status: 200`.
            Frames::Answer => write(&mut stream, HEADERS, 0x5, id, &[0x88]).await?,
            Frames::Refuse => {
                write(
                    &mut stream,
                    RST_STREAM,
                    0,
                    id,
                    &REFUSED_STREAM.to_be_bytes(),
                )
                .await?
            }
            Frames::Break => {
                write(
                    &mut stream,
                    RST_STREAM,
                    0,
                    id,
                    &INTERNAL_ERROR.to_be_bytes(),
                )
                .await?
            }
            Frames::GoAwayBefore => return go_away(&mut stream, 0).await,
            Frames::GoAwayAfter => return go_away(&mut stream, id).await,
        }
    }
}

async fn go_away(stream: &mut TcpStream, last: u32) -> std::io::Result<()> {
    let payload = [last.to_be_bytes(), 0_u32.to_be_bytes()].concat();
    write(stream, GOAWAY, 0, 0, &payload).await?;
    stream.shutdown().await?;
    // A connection that is dropped with unread bytes in it is reset, and what was written is lost.
    let mut rest = [0; 64];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

async fn write(
    stream: &mut TcpStream,
    kind: u8,
    flags: u8,
    id: u32,
    payload: &[u8],
) -> std::io::Result<()> {
    let length = u32::try_from(payload.len())
        .expect("a small frame")
        .to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(id.to_be_bytes());
    frame.extend(payload);
    stream.write_all(&frame).await
}

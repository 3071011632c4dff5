//! The runtime under the generated crate `linode-sdk`: whatever need not be generated is here, once.
//!
//! Generated code is tables: the fields of each record, the values of each enum, the path of each operation.
//! This crate reads and writes the records, sends the operations, walks the lists, and says what went wrong.
//!
//! | module | what it does |
//! |---|---|
//! | [`value`], [`record`](mod@record)(mod@record), [`open_enum`](mod@open_enum), [`union`](mod@union) | what answers and requests consist of |
//! | [`reader`], [`writer`], [`glue`] | JSON to values and back; serde for users |
//! | [`fault`] | what is said about JSON that is not as described |
//! | [`input`], [`sent`], [`body`](mod@body), [`multipart`], [`gaps`] | what a request was given, and what it lacks |
//! | [`operation`](mod@operation), [`permission`], [`request`], [`call`], [`list`], [`filter`] | what is asked, as data |
//! | [`client`], `config`, [`token`], [`transport`], [`retry`], [`limit`], [`response`] | sending it |
//! | [`answer`], [`page`], [`error`] | what comes back |
//! | [`content`], [`download`](mod@download), [`files`] | files and streams, out and in |
//! | [`wait`] | asking until it is as it should be |
//! | [`helpers`] | passwords, SSH keys, the data of StackScripts |
//! | `blocking` | all of it without async, with the feature of that name |
//! | `catalogue` | every operation by its name, from JSON to JSON; with the feature of that name |
//! | `oauth` | logging users in, with the feature of that name |
//!
//! ```
//! use linode_core::{Page, read, record};
//!
//! #[derive(Clone, PartialEq)]
//! pub struct Region {
//!     pub id: String,
//!     pub label: Option<String>,
//! }
//! record!(Region { id, label });
//!
//! let page: Page<Region> = read(br#"{"data": [{"id": "us-east"}], "page": 1, "pages": 1, "results": 1}"#)?;
//! assert_eq!(page.data[0].id, "us-east");
//! # Ok::<(), linode_core::Fault>(())
//! ```

pub mod answer;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod body;
pub mod call;
#[cfg(feature = "catalogue")]
pub mod catalogue;
pub mod client;
#[cfg(feature = "config")]
pub mod config;
pub mod content;
pub mod download;
mod encode;
pub mod error;
pub mod fault;
pub mod files;
pub mod filter;
pub mod gaps;
pub mod glue;
pub mod helpers;
pub mod input;
pub mod limit;
mod line;
pub mod list;
pub mod multipart;
#[cfg(feature = "oauth")]
pub mod oauth;
pub mod open_enum;
pub mod operation;
pub mod page;
pub mod permission;
pub mod reader;
pub mod record;
pub mod request;
pub mod response;
pub mod retry;
mod see;
pub mod sent;
pub mod token;
pub mod transport;
pub mod union;
pub mod value;
pub mod wait;
pub mod writer;

pub use answer::{Answer, Answered, Warning};
pub use body::{Body, Described};
pub use bytes::Bytes;
pub use call::Call;
pub use chrono::NaiveDate;
pub use client::{Client, ClientBuilder, http_builder};
pub use content::Content;
pub use download::Download;
pub use error::{
    ApiError, DecodeError, Error, InputError, PagingError, Reason, TokenError, TransportError,
};
pub use fault::{Fault, Repair};
pub use files::Upload;
pub use filter::{Field, Filter, Order, Ordered, Unordered};
pub use gaps::Gaps;
pub use glue::{deserialize, serialize};
pub use input::{Given, Input, Null};
pub use limit::{Limiter, RateLimit};
pub use list::{Items, List, Pages};
pub use multipart::Multipart;
pub use open_enum::{OpenInteger, OpenText};
pub use operation::{Endpoint, Listing, Operation};
pub use page::Page;
pub use reader::{Reader, read};
pub use record::{Record, Shape, fmt_record, is_blank, note_missing};
pub use request::Request;
pub use response::Response;
pub use retry::Retry;
pub use sent::{Sent, Slot};
pub use token::{BoxError, BoxFuture, TokenSource};
pub use union::same_tag;
pub use value::{DateTime, Json, Map, Secret, Value};
pub use wait::{Wait, WaitError, Watch, Watching};
pub use writer::{Writer, json_of, text_of, write};

// Crates whose types stand in this interface.
pub use {bytes, chrono, futures_core, http, reqwest, serde_json};

/// What the macros of this crate need of others; no part of its interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::record::place;
    pub use serde_core::{Deserialize, Deserializer, Serialize, Serializer};
}

//! [`Operation`]: what the document says about one operation, as data.
//!
//! ```
//! use linode_core::{Endpoint, operation, record};
//!
//! #[derive(Clone, PartialEq)]
//! pub struct Linode {
//!     pub id: i64,
//! }
//! record!(Linode { id });
//!
//! pub struct GetInstance;
//! operation!(
//!     GetInstance -> Linode, GET "/linode/instances/{linodeId}",
//!     "getLinodeInstance", scopes ["linodes:read_only"], versions ["v4", "v4beta"]
//! );
//!
//! assert_eq!(GetInstance::OPERATION.to_string(), "GET /linode/instances/{linodeId}");
//! assert_eq!(GetInstance::OPERATION.version(), "v4");
//! ```

use std::fmt;

use http::Method;

use crate::answer::Answer;
use crate::page::Page;
use crate::value::Value;

/// The media type of nearly everything.
pub(crate) const JSON: &str = "application/json";

/// One operation of the API.
///
/// ```
/// use linode_core::{Operation, http::Method};
///
/// static REGIONS: Operation = Operation::new(Method::GET, "/regions").id("getRegions").public();
/// assert_eq!(REGIONS.path, "/regions");
/// assert!(REGIONS.public);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The HTTP method.
    pub method: Method,
    /// The path below the version, with its parameters: `/linode/instances/{linodeId}`.
    pub path: &'static str,
    /// The id that the document gives it, if any.
    pub id: Option<&'static str>,
    /// The scopes that a token needs.
    pub scopes: &'static [&'static str],
    /// The grants that a restricted user needs.
    pub grants: &'static [&'static str],
    /// Whether the document asks for no token.
    pub public: bool,
    /// The versions of the API that offer it, in the order of the document.
    pub versions: &'static [&'static str],
    /// The query parameters that a request has to set.
    pub requires: &'static [&'static str],
    /// The media type of the request.
    pub sends: &'static str,
    /// The media type of the answer.
    pub answers: &'static str,
}

impl Operation {
    /// An operation that asks for a token without scopes, in `v4`, from JSON to JSON.
    ///
    /// ```
    /// use linode_core::{Operation, http::Method};
    ///
    /// assert_eq!(Operation::new(Method::GET, "/profile").answers, "application/json");
    /// ```
    pub const fn new(method: Method, path: &'static str) -> Self {
        Operation {
            method,
            path,
            id: None,
            scopes: &[],
            grants: &[],
            public: false,
            versions: &["v4"],
            requires: &[],
            sends: JSON,
            answers: JSON,
        }
    }

    /// Says its id.
    ///
    /// ```
    /// # use linode_core::{Operation, http::Method};
    /// assert_eq!(Operation::new(Method::GET, "/profile").id("getProfile").id, Some("getProfile"));
    /// ```
    pub const fn id(mut self, id: &'static str) -> Self {
        self.id = Some(id);
        self
    }

    /// Says the scopes that a token needs.
    ///
    /// ```
    /// # use linode_core::{Operation, http::Method};
    /// let profile = Operation::new(Method::GET, "/profile").scopes(&["account:read_only"]);
    /// assert_eq!(profile.scopes, ["account:read_only"]);
    /// ```
    pub const fn scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// Says the grants that a restricted user needs.
    ///
    /// ```
    /// # use linode_core::{Operation, http::Method};
    /// let create = Operation::new(Method::POST, "/images").grants(&["add_images"]);
    /// assert_eq!(create.grants, ["add_images"]);
    /// ```
    pub const fn grants(mut self, grants: &'static [&'static str]) -> Self {
        self.grants = grants;
        self
    }

    /// Says that it asks for no token.
    ///
    /// ```
    /// # use linode_core::{Operation, http::Method};
    /// assert!(Operation::new(Method::GET, "/regions").public().public);
    /// ```
    pub const fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// Says the versions that offer it.
    ///
    /// ```
    /// # use linode_core::{Operation, http::Method};
    /// assert_eq!(Operation::new(Method::GET, "/vpcs").versions(&["v4beta"]).version(), "v4beta");
    /// ```
    pub const fn versions(mut self, versions: &'static [&'static str]) -> Self {
        self.versions = versions;
        self
    }

    /// Says the query parameters that a request has to set.
    ///
    /// ```
    /// # use linode_core::{Operation, http::Method};
    /// assert_eq!(Operation::new(Method::GET, "/object-acl").requires(&["name"]).requires, ["name"]);
    /// ```
    pub const fn requires(mut self, parameters: &'static [&'static str]) -> Self {
        self.requires = parameters;
        self
    }

    /// Says the media type of the request.
    ///
    /// ```
    /// # use linode_core::{Operation, http::Method};
    /// assert_eq!(Operation::new(Method::PUT, "/thumbnail").sends("image/png").sends, "image/png");
    /// ```
    pub const fn sends(mut self, media_type: &'static str) -> Self {
        self.sends = media_type;
        self
    }

    /// Says the media type of the answer.
    ///
    /// ```
    /// # use linode_core::{Operation, http::Method};
    /// assert_eq!(Operation::new(Method::GET, "/thumbnail").answers("image/png").answers, "image/png");
    /// ```
    pub const fn answers(mut self, media_type: &'static str) -> Self {
        self.answers = media_type;
        self
    }

    /// The version to call if nobody says another: the first that is not beta, else the first.
    ///
    /// ```
    /// # use linode_core::{Operation, http::Method};
    /// assert_eq!(Operation::new(Method::GET, "/vpcs").versions(&["v4beta", "v4"]).version(), "v4");
    /// ```
    pub fn version(&self) -> &'static str {
        let stable = self.versions.iter().find(|version| !is_beta(version));
        stable.or(self.versions.first()).copied().unwrap_or("v4")
    }

    /// The version to call if a client says one for all: what exists in beta alone stays there, unless that is a beta too.
    pub(crate) fn version_of<'a>(&self, said: Option<&'a str>) -> &'a str {
        let own = self.version();
        let said = said.filter(|said| is_beta(said) || !is_beta(own));
        said.unwrap_or(own)
    }
}

fn is_beta(version: &str) -> bool {
    version.ends_with("beta")
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// A type that stands for an operation. [`operation!`](crate::operation!) implements it.
///
/// ```
/// use linode_core::{Endpoint, operation};
///
/// pub struct BootInstance;
/// operation!(BootInstance -> (), POST "/linode/instances/{linodeId}/boot");
/// assert_eq!(BootInstance::OPERATION.method, "POST");
/// ```
pub trait Endpoint: 'static {
    /// What a successful call gives.
    type Answer: Answer;

    /// What the document says about it.
    const OPERATION: &'static Operation;
}

/// A type that stands for a list. [`listing!`](crate::listing!) implements it.
///
/// ```
/// use linode_core::{Endpoint, Json, listing};
///
/// pub struct ListTags;
/// listing!(ListTags -> Json, GET "/tags", "getTags", scopes ["account:read_only"]);
/// assert_eq!(ListTags::OPERATION.path, "/tags");
/// ```
pub trait Listing: Endpoint<Answer = Page<Self::Item>> {
    /// What it lists.
    type Item: Value;

    /// The type whose fields it is filtered by; `()` if it is not filtered.
    type Domain: 'static;
}

/// Makes a type stand for an operation.
///
/// After the method and the path come, in any order and each of them if need be: the id of the operation as
/// a string, `scopes [..]`, `grants [..]`, `public`, `versions [..]`, `requires [..]` (query parameters), `sends "media/type"` and `answers "media/type"`.
///
/// ```
/// use linode_core::{Bytes, Endpoint, operation};
///
/// pub struct GetThumbnail;
/// operation!(
///     GetThumbnail -> Bytes, GET "/account/oauth-clients/{clientId}/thumbnail",
///     "getClientThumbnail", public, answers "image/png"
/// );
/// assert_eq!(GetThumbnail::OPERATION.answers, "image/png");
/// ```
#[macro_export]
macro_rules! operation {
    (pub $name:ident of $method:ident -> $($facts:tt)*) => {
        $crate::operation!(@struct $name $method);
        $crate::operation!($name -> $($facts)*);
    };
    (@struct $name:ident $method:ident) => {
        #[doc = ::core::concat!(
            "The operation of [`", ::core::stringify!($method), "`](super::Api::", ::core::stringify!($method), ").",
        )]
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
    };
    ($name:ident -> $answer:ty, $method:ident $path:literal $($facts:tt)*) => {
        impl $crate::Endpoint for $name {
            type Answer = $answer;

            const OPERATION: &'static $crate::Operation = &$crate::operation!(
                @facts [$crate::Operation::new($crate::http::Method::$method, $path)] $($facts)*
            );
        }
    };
    (@facts [$($operation:tt)*] $(,)?) => {
        $($operation)*
    };
    (@facts [$($operation:tt)*], public $($facts:tt)*) => {
        $crate::operation!(@facts [$($operation)*.public()] $($facts)*)
    };
    (@facts [$($operation:tt)*], $id:literal $($facts:tt)*) => {
        $crate::operation!(@facts [$($operation)*.id($id)] $($facts)*)
    };
    (@facts [$($operation:tt)*], $fact:ident [$($value:literal),* $(,)?] $($facts:tt)*) => {
        $crate::operation!(@facts [$($operation)*.$fact(&[$($value),*])] $($facts)*)
    };
    (@facts [$($operation:tt)*], $fact:ident $value:literal $($facts:tt)*) => {
        $crate::operation!(@facts [$($operation)*.$fact($value)] $($facts)*)
    };
}

/// Makes a type stand for a list: an [`operation!`](crate::operation!) that answers with pages.
///
/// `filter Item` after the type of the items names the type whose fields the list is filtered by.
///
/// ```
/// use linode_core::{Listing, listing, record};
///
/// #[derive(Clone, PartialEq)]
/// pub struct Linode {
///     pub id: i64,
/// }
/// record!(Linode { id });
///
/// pub struct ListInstances;
/// listing!(ListInstances -> Linode, filter Linode, GET "/linode/instances", "getLinodeInstances");
///
/// fn domain<L: Listing<Domain = Linode>>(_: L) {}
/// domain(ListInstances);
/// ```
#[macro_export]
macro_rules! listing {
    (pub $name:ident of $method:ident -> $($facts:tt)*) => {
        $crate::operation!(@struct $name $method);
        $crate::listing!($name -> $($facts)*);
    };
    ($name:ident -> $item:ty, filter $domain:ty, $method:ident $path:literal $($facts:tt)*) => {
        $crate::operation!($name -> $crate::Page<$item>, $method $path $($facts)*);

        impl $crate::Listing for $name {
            type Item = $item;
            type Domain = $domain;
        }
    };
    ($name:ident -> $item:ty, $method:ident $path:literal $($facts:tt)*) => {
        $crate::listing!($name -> $item, filter (), $method $path $($facts)*);
    };
}

//! [`Watch`]: waiting for the event that an action brings about.

use std::collections::HashSet;
use std::fmt::{self, Display};
use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::time::Duration;

use super::{Verdict, Wait};
use crate::error::Error;
use crate::filter::Filter;
use crate::list::List;
use crate::operation::Listing;
use crate::request::Request;
use crate::token::BoxFuture;
use crate::value::{Json, Map, Value};
use crate::writer::json_of;

/// What an event is found by and judged by: its fields, as the API spells them.
const ACTION: &str = "action";
const ENTITY_TYPE: &str = "entity.type";
const ENTITY_ID: &str = "entity.id";

/// Keys that put the newest event first, the best one first.
const AGES: [&str; 2] = ["id", "created"];

/// The event of an action that is about to be taken.
///
/// [`Watch::begin`] remembers the events that are there before; then the action is taken; then the [`Watching`] is
/// awaited. It takes the first event that is new and fits.
///
/// ```
/// # use std::time::Duration;
/// # use linode_core::{Error, Json, Listing, Watch};
/// # async fn run<E: Listing>(watch: Watch<E>, boot: linode_core::Request) -> Result<(), Error> {
/// let booted = watch.entity("linode", 7).begin().await?;
/// boot.send().await?;
/// let event = booted.timeout(Duration::from_secs(300)).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a watch does nothing until it begins"]
pub struct Watch<E: Listing> {
    list: List<E>,
    /// What the list can be filtered by.
    filters: &'static [&'static str],
    wanted: Wanted,
}

/// Which events are waited for.
#[derive(Clone, Debug)]
struct Wanted {
    action: String,
    /// Kind and id.
    entity: Option<(String, String)>,
}

impl<E: Listing> Watch<E> {
    /// Watches a list of events for an action. The list can be filtered by some keys, so that few events travel.
    ///
    /// ```
    /// use linode_core::{Client, Endpoint, Json, Request, Watch, listing};
    ///
    /// pub struct ListEvents;
    /// listing!(ListEvents -> Json, GET "/account/events");
    ///
    /// fn watch(client: &Client, action: &str) -> Watch<ListEvents> {
    ///     Watch::new(Request::new(client, ListEvents::OPERATION), &["action", "created"], action)
    /// }
    /// ```
    pub fn new(request: Request, filters: &'static [&'static str], action: impl Display) -> Self {
        let wanted = Wanted {
            action: action.to_string(),
            entity: None,
        };
        Watch {
            list: List::new(request),
            filters,
            wanted,
        }
    }

    /// Wants the event of one entity. What is about to be created has no id yet: then [`Watching::entity`] says it.
    ///
    /// ```
    /// # use linode_core::{Listing, Watch};
    /// fn of_volume<E: Listing>(watch: Watch<E>, id: i64) -> Watch<E> {
    ///     watch.entity("volume", id)
    /// }
    /// ```
    pub fn entity(mut self, kind: impl Display, id: impl Display) -> Self {
        self.wanted.entity = Some((kind.to_string(), id.to_string()));
        self
    }

    /// Remembers the events that are there already.
    ///
    /// ```
    /// # use linode_core::{Error, Listing, Watch, Watching};
    /// # async fn run<E: Listing>(watch: Watch<E>) -> Result<Watching<E>, Error> {
    /// watch.begin().await
    /// # }
    /// ```
    pub fn begin(self) -> impl Future<Output = Result<Watching<E>, Error>> + Send + use<E> {
        // Of any entity: which one is wanted may be said later.
        let anyone = Wanted {
            entity: None,
            ..self.wanted.clone()
        };
        let newest = newest(&self.list, self.filters, &anyone).page(1);
        async move {
            let page = newest.await?;
            let ids = page.data.iter().map(|event| id(&json_of(event)));
            Ok(Watching {
                known: Known::new(ids.collect()),
                list: self.list,
                filters: self.filters,
                wanted: self.wanted,
            })
        }
    }
}

/// The event of an action that is being taken: awaiting it gives the event when it is finished, or is a mere
/// notification; an event that tells of a failure is an error with its message.
///
/// ```
/// # use linode_core::{Error, Listing, Watching};
/// # async fn run<E: Listing>(created: Watching<E>) -> Result<(), Error> {
/// println!("{:?}", created.entity("linode", 7).await?);
/// # Ok(())
/// # }
/// ```
#[must_use = "it waits for nothing until it is awaited"]
pub struct Watching<E: Listing> {
    list: List<E>,
    filters: &'static [&'static str],
    wanted: Wanted,
    known: Known,
}

/// The events that were there before.
struct Known {
    /// The largest id: ids are numbers that grow, so that those of all older events are smaller, however many there are.
    newest: Option<i64>,
    /// For ids that are no numbers.
    ids: HashSet<String>,
}

impl Known {
    fn new(ids: HashSet<String>) -> Self {
        let newest = ids.iter().filter_map(|id| id.parse().ok()).max();
        Known { newest, ids }
    }

    fn has(&self, id: &str) -> bool {
        match (id.parse::<i64>(), self.newest) {
            (Ok(id), Some(newest)) => id <= newest,
            _ => self.ids.contains(id),
        }
    }
}

impl<E: Listing> Watching<E> {
    /// Wants the event of one entity: of what was just created, say.
    ///
    /// ```
    /// # use linode_core::{Listing, Watching};
    /// fn of_volume<E: Listing>(watching: Watching<E>, id: i64) -> Watching<E> {
    ///     watching.entity("volume", id)
    /// }
    /// ```
    pub fn entity(mut self, kind: impl Display, id: impl Display) -> Self {
        self.wanted.entity = Some((kind.to_string(), id.to_string()));
        self
    }

    /// How long to wait altogether: see [`Wait::timeout`].
    ///
    /// ```
    /// # use linode_core::{Listing, Wait, Watching};
    /// fn hurried<E: Listing>(watching: Watching<E>) -> Wait<E::Item> {
    ///     watching.timeout(std::time::Duration::from_secs(20))
    /// }
    /// ```
    pub fn timeout(self, timeout: impl Into<Option<Duration>>) -> Wait<E::Item> {
        self.wait().timeout(timeout)
    }

    /// The wait itself, to say its interval or what else means failure.
    ///
    /// ```
    /// # use linode_core::{Listing, Wait, Watching};
    /// fn patient<E: Listing>(watching: Watching<E>) -> Wait<E::Item> {
    ///     watching.wait().interval(std::time::Duration::from_secs(30))
    /// }
    /// ```
    pub fn wait(self) -> Wait<E::Item> {
        let Watching {
            list,
            filters,
            wanted,
            known,
        } = self;
        let known = Arc::new(known);
        let look = move || -> BoxFuture<'static, _> {
            let newest = newest(&list, filters, &wanted).page(1);
            let (wanted, known) = (wanted.clone(), Arc::clone(&known));
            Box::pin(async move {
                let is_wanted = |event: &E::Item| {
                    let event = json_of(event);
                    !known.has(&id(&event)) && wanted.fits(&event)
                };
                // The newest stands first, and the first that is new is wanted.
                Ok(newest.await?.data.into_iter().rev().find(is_wanted))
            })
        };
        Wait::new(E::OPERATION, Box::new(look), Box::new(|event| judge(event)))
    }
}

impl<E: Listing> IntoFuture for Watching<E> {
    type Output = Result<E::Item, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.wait().into_future()
    }
}

impl Wanted {
    fn fits(&self, event: &Json) -> bool {
        let of = |key: &str| text(event.pointer(&format!("/{}", key.replace('.', "/"))));
        let entity = self.entity.as_ref().is_none_or(|(kind, id)| {
            of(ENTITY_TYPE).as_deref() == Some(kind) && of(ENTITY_ID).as_deref() == Some(id)
        });
        entity && of(ACTION).as_deref() == Some(&self.action)
    }
}

/// The events that fit, as far as the list can be filtered, the newest first.
fn newest<E: Listing>(list: &List<E>, filters: &[&str], wanted: &Wanted) -> List<E> {
    let mut filter =
        Map::from([(ACTION, Json::from(wanted.action.as_str()))].map(|(k, v)| (k.to_owned(), v)));
    if let Some((kind, id)) = &wanted.entity {
        let id = id
            .parse::<i64>()
            .map_or_else(|_| Json::from(id.as_str()), Json::from);
        filter.insert(ENTITY_TYPE.to_owned(), kind.as_str().into());
        filter.insert(ENTITY_ID.to_owned(), id);
    }
    filter.retain(|key, _| filters.contains(&key.as_str()));
    if let Some(age) = AGES.iter().find(|age| filters.contains(age)) {
        filter.insert("+order_by".to_owned(), Json::from(*age));
        filter.insert("+order".to_owned(), Json::from("desc"));
    }
    match filter.is_empty() {
        true => list.clone(),
        false => list.clone().filter(Filter::raw(Json::from_iter(filter))),
    }
}

fn judge(event: &dyn Value) -> Verdict {
    let event = json_of(event);
    let status = text(event.get("status"));
    match status.as_deref() {
        Some("finished" | "notification") => Verdict::Done,
        Some("failed") => {
            let said = text(event.get("message")).filter(|message| !message.trim().is_empty());
            let action = text(event.get(ACTION)).unwrap_or_default();
            Verdict::Failed(Some(said.map_or_else(
                || format!("{action} failed"),
                |message| format!("{action} failed: {message}"),
            )))
        }
        _ => Verdict::Again,
    }
}

fn id(event: &Json) -> String {
    text(event.get("id")).unwrap_or_default()
}

/// A string or a number as text.
fn text(json: Option<&Json>) -> Option<String> {
    match json? {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl<E: Listing> fmt::Debug for Watch<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watch").field(&self.wanted).finish()
    }
}

impl<E: Listing> fmt::Debug for Watching<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watching").field(&self.wanted).finish()
    }
}

//! Which places are one type: places are put together class by class, and what they hold with them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::agree::{Sort, outline, parts};
use crate::api::{Api, Ty, TypeId, TypeKind};
use crate::name::Lock;
use crate::places::Places;

/// Places that are one type.
#[derive(Clone, Debug)]
struct Class<'a> {
    /// The locked name.
    name: Option<&'a str>,
    sort: Sort,
    parts: BTreeMap<&'a str, Part>,
    /// Whether it is a branch of a union, which stays a type of its own.
    branch: bool,
}

/// A field or branch, by its outline and the place that it holds.
#[derive(Clone, Debug)]
struct Part {
    outline: Ty,
    held: Option<usize>,
}

/// What makes two records equal: their fields, by name, outline and the class that they hold.
type Shape<'a> = Vec<(&'a str, Ty, Option<usize>)>;

/// The places of a model, put together.
pub struct Classes<'a> {
    places: &'a Places,
    /// Each place's way to the one that stands for its class.
    way: Vec<usize>,
    /// By the place that stands for the class.
    classes: Vec<Class<'a>>,
}

impl<'a> Classes<'a> {
    pub fn of(api: &'a Api, places: &'a Places, lock: &'a Lock) -> Self {
        let owners = lock.owners();
        let classes = places.all.iter().map(|place| Class {
            name: owners.of(&place.position),
            sort: Sort::of(api.get(place.ty)),
            parts: class_parts(api, place.ty, &place.held),
            branch: false,
        });
        let mut all = Self {
            places,
            way: (0..places.all.len()).collect(),
            classes: classes.collect(),
        };
        for (i, place) in places.all.iter().enumerate() {
            if let Some(same) = place.as_in {
                all.way[i] = same;
            }
            if matches!(api.get(place.ty).kind, TypeKind::Union(_)) {
                for (_, held) in &place.held {
                    all.classes[*held].branch = true;
                }
            }
        }
        all.unite_locked();
        all.unite_shapes();
        all.unite_equals();
        all
    }

    /// The place that stands for the class of this one.
    pub fn find(&self, mut place: usize) -> usize {
        while self.way[place] != place {
            place = self.way[place];
        }
        place
    }

    /// Places that say what is in them.
    fn telling(&self) -> impl Iterator<Item = usize> + use<> {
        let telling = self.places.all.iter().enumerate();
        let told: Vec<usize> = telling
            .filter(|(_, place)| place.as_in.is_none())
            .map(|(i, _)| i)
            .collect();
        told.into_iter()
    }

    /// The positions of one locked type are one type. Where they contradict one another, the shape that most of them have keeps the name.
    fn unite_locked(&mut self) {
        let mut groups: BTreeMap<&'a str, BTreeMap<TypeId, Vec<usize>>> = BTreeMap::new();
        for i in self.telling() {
            if let Some(name) = self.classes[i].name {
                let shapes = groups.entry(name).or_default();
                shapes.entry(self.places.all[i].ty).or_default().push(i);
            }
        }
        for shapes in groups.into_values() {
            let mut shapes: Vec<Vec<usize>> = shapes.into_values().collect();
            shapes.sort_by_key(|places| (Reverse(places.len()), places[0]));
            let clusters = self.cluster(shapes.into_iter().flatten());
            for left in clusters.into_iter().skip(1) {
                let class = self.find(left);
                self.classes[class].name = None;
            }
        }
    }

    /// What the lock does not know goes with its shape: to the locked type that has it most often, else together.
    fn unite_shapes(&mut self) {
        let mut shapes: BTreeMap<TypeId, Vec<usize>> = BTreeMap::new();
        for i in self.telling() {
            shapes.entry(self.places.all[i].ty).or_default().push(i);
        }
        for places in shapes.into_values() {
            let mut counts: BTreeMap<(&str, usize), usize> = BTreeMap::new();
            for &place in &places {
                let class = self.find(place);
                if let Some(name) = self.classes[class].name {
                    *counts.entry((name, class)).or_default() += 1;
                }
            }
            let most = counts
                .into_iter()
                .min_by_key(|((name, _), count)| (Reverse(*count), *name))
                .map(|((_, class), _)| class);
            let unknown: Vec<usize> = places
                .into_iter()
                .filter(|&place| self.classes[self.find(place)].name.is_none())
                .collect();
            self.cluster(most.into_iter().chain(unknown));
        }
    }

    /// Puts each place to the first cluster that it agrees with; what stands for each cluster.
    fn cluster(&mut self, places: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut clusters: Vec<usize> = Vec::new();
        for place in places {
            let fitting = clusters
                .iter()
                .copied()
                .find(|&cluster| self.agree(cluster, place, &mut BTreeSet::new()));
            match fitting {
                Some(cluster) => self.unite(cluster, place),
                None => clusters.push(place),
            }
        }
        clusters
    }

    /// Shapes that became equal because what they hold was united are one type again.
    fn unite_equals(&mut self) {
        loop {
            let mut known: BTreeMap<Shape<'a>, usize> = BTreeMap::new();
            let mut order: Vec<usize> = self.telling().filter(|&i| self.find(i) == i).collect();
            order.sort_by_key(|&i| (self.classes[i].name.is_none(), i));
            let mut changed = false;
            for i in order {
                let class = &self.classes[i];
                if class.sort != Sort::Record || class.branch || self.find(i) != i {
                    continue;
                }
                let equal = *known.entry(self.key(i)).or_insert(i);
                if equal != i && self.classes[i].name.is_none() {
                    self.unite(equal, i);
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn key(&self, class: usize) -> Shape<'a> {
        let parts = self.classes[class].parts.iter();
        parts
            .map(|(name, part)| {
                let held = part.held.map(|held| self.find(held));
                (*name, part.outline.clone(), held)
            })
            .collect()
    }

    /// Whether two places can be one type, and all that they hold too.
    fn agree(&self, one: usize, other: usize, assumed: &mut BTreeSet<(usize, usize)>) -> bool {
        let (one, other) = (self.find(one), self.find(other));
        if one == other || !assumed.insert((one, other)) {
            return true;
        }
        let (a, b) = (&self.classes[one], &self.classes[other]);
        let named_apart = matches!((a.name, b.name), (Some(a), Some(b)) if a != b);
        if named_apart || a.sort != b.sort {
            return false;
        }
        a.parts.iter().all(|(name, part)| {
            let Some(same) = b.parts.get(name) else {
                return true;
            };
            let held = part.held.zip(same.held);
            part.outline == same.outline
                && held.is_none_or(|(one, other)| self.agree(one, other, assumed))
        })
    }

    /// Makes two places one type, and what they hold under the same name too.
    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.find(one), self.find(other));
        if one == other {
            return;
        }
        self.way[other] = one;
        let from = self.classes[other].clone();
        let class = &mut self.classes[one];
        class.name = class.name.or(from.name);
        class.branch |= from.branch;
        let mut held = Vec::new();
        for (name, part) in from.parts {
            let known = class.parts.entry(name).or_insert_with(|| part.clone());
            held.extend(known.held.zip(part.held));
            known.held = known.held.or(part.held);
        }
        for (one, other) in held {
            self.unite(one, other);
        }
    }
}

fn class_parts<'a>(api: &'a Api, ty: TypeId, held: &[(usize, usize)]) -> BTreeMap<&'a str, Part> {
    let all = parts(api.get(ty)).into_iter().enumerate();
    all.map(|(slot, (name, ty))| {
        let held = held.iter().find(|(at, _)| *at == slot).map(|(_, at)| *at);
        let outline = outline(ty);
        (name, Part { outline, held })
    })
    .collect()
}

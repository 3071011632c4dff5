//! Where each type occurs. A position is a method, a path and a place in the body: `GET /images/{} answer/data/*/tags`; it outlives component names and operation ids.

use crate::api::{AnswerKind, Api, Content, Operation, Ty, TypeKind};

/// Visits are bounded, so that a document made to be deep costs no more than its size deserves.
const MOST_VISITS: usize = 200_000;

/// Notes at each type its positions, and who uses it. A type without positions is one that nothing uses.
pub fn positions(api: &mut Api) {
    for def in &mut api.types {
        (def.in_answers, def.in_requests) = (false, false);
    }
    let mut visitor = Visitor {
        left: MOST_VISITS,
        occurrences: 0,
        open: Vec::new(),
    };
    let operations = std::mem::take(&mut api.operations);
    for operation in &operations {
        visitor.operation(api, operation);
    }
    api.operations = operations;
    let records = api
        .types
        .iter()
        .filter(|t| matches!(t.kind, TypeKind::Record(_)) && !t.positions.is_empty())
        .count();
    api.account.merged_shapes = visitor.occurrences.saturating_sub(records);
}

struct Visitor {
    left: usize,
    occurrences: usize,
    open: Vec<usize>,
}

impl Visitor {
    fn operation(&mut self, api: &mut Api, operation: &Operation) {
        let key = operation.key();
        for parameter in &operation.parameters {
            self.ty(
                api,
                &parameter.ty,
                &format!("{key} {}", parameter.name),
                false,
            );
        }
        if let Some(body) = &operation.body {
            let place = format!("{key} body");
            match &body.content {
                Content::Fields(id) | Content::Multipart(id) => {
                    self.ty(api, &Ty::Named(*id), &place, false)
                }
                Content::Json(ty) => self.ty(api, ty, &place, false),
                Content::Bytes => {}
            }
        }
        match &operation.answer.kind {
            AnswerKind::Value(ty) => self.ty(api, ty, &format!("{key} answer"), true),
            AnswerKind::Page(list) => {
                self.ty(api, &list.item, &format!("{key} answer/data/*"), true)
            }
            AnswerKind::Nothing | AnswerKind::Bytes => {}
        }
    }

    fn ty(&mut self, api: &mut Api, ty: &Ty, position: &str, answer: bool) {
        match ty {
            Ty::List(inner) | Ty::Map(inner) => {
                self.ty(api, inner, &format!("{position}/*"), answer)
            }
            Ty::Named(id) => self.named(api, id.0, position, answer),
            _ => {}
        }
    }

    fn named(&mut self, api: &mut Api, id: usize, position: &str, answer: bool) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let def = &mut api.types[id];
        def.positions.insert(position.to_owned());
        def.in_answers |= answer;
        def.in_requests |= !answer;
        // A type that holds itself has been here.
        if self.open.contains(&id) {
            return;
        }
        self.open.push(id);
        match def.kind.clone() {
            TypeKind::Record(record) => {
                self.occurrences += 1;
                for field in &record.fields {
                    self.ty(
                        api,
                        &field.ty,
                        &format!("{position}/{}", field.name),
                        answer,
                    );
                }
            }
            TypeKind::Union(union) => {
                for branch in &union.branches {
                    self.ty(
                        api,
                        &branch.ty,
                        &format!("{position}/<{}>", branch.tag),
                        answer,
                    );
                }
            }
            TypeKind::Enum(_) => {}
        }
        self.open.pop();
    }
}

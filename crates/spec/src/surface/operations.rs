//! The items of groups: methods, and what stands for operations.

use std::collections::BTreeSet;

use super::{Domain, Draft, Sort, Under, events};
use crate::api::{Answer, AnswerKind, Content, Operation, Parameter, Ty};
use crate::name::OperationName;

impl Draft<'_> {
    pub(super) fn groups(&mut self) {
        let (api, names) = (self.api, self.names);
        let top = Under {
            parent: "",
            pointer: "",
        };
        let groups: BTreeSet<&String> = names.operations.iter().map(|name| &name.group).collect();
        for group in groups {
            self.add(top, Sort::Group, group.clone(), "group");
        }
        for (index, (operation, name)) in api.operations.iter().zip(&names.operations).enumerate() {
            self.operation(index, operation, name);
        }
        if let Some(watched) = events(api, names) {
            let OperationName { group, ty, .. } = &names.operations[watched];
            let pointer = &api.operations[watched].pointer;
            let signature = format!("fn(impl Display) -> Watch<{group}::{ty}>");
            let under = Under {
                parent: "",
                pointer,
            };
            self.add(under, Sort::Method, "Client::watch".to_owned(), signature);
        }
    }

    fn operation(&mut self, index: usize, operation: &Operation, name: &OperationName) {
        let OperationName {
            group, method, ty, ..
        } = name;
        let pointer = &operation.pointer;
        let (called, path) = (format!("{group}::Api::{method}"), format!("{group}::{ty}"));
        let call = if operation.answer.list().is_some() {
            "List"
        } else {
            "Call"
        };
        let mut arguments: Vec<String> = operation
            .path_parameters()
            .map(|p| self.argument(p))
            .collect();
        arguments.extend(operation.body.as_ref().map(|body| match &body.content {
            Content::Fields(_) | Content::Multipart(_) => ty.clone(),
            Content::Json(ty) => self.spelt(ty),
            Content::Bytes => "impl Into<Content>".to_owned(),
        }));
        let signature = format!("fn({}) -> {call}<{ty}>", arguments.join(", "));
        self.add(
            Under {
                parent: group,
                pointer,
            },
            Sort::Method,
            called.clone(),
            signature,
        );
        if let Some(item) = self.items.get_mut(&called) {
            item.deprecated = operation.deprecated;
        }
        self.stand_in(&called, &path, operation);
        let under = Under {
            parent: &path,
            pointer,
        };
        let answer = self.answer(&operation.answer);
        self.add(under, Sort::Associated, format!("{path}::Answer"), answer);
        if let Some(list) = operation.answer.list() {
            let domain = match self.domains.0.get(&index).cloned() {
                None => "()".to_owned(),
                Some(Domain::Item(id)) => self.names.of(id).to_owned(),
                Some(Domain::Own(own)) => {
                    let domain = format!("{group}::{own}");
                    self.add(under, Sort::Type, domain.clone(), "filters");
                    self.constants(&domain, &domain, &own, &list.filters);
                    own
                }
            };
            self.add(under, Sort::Associated, format!("{path}::Domain"), domain);
        }
        for (parameter, setter) in operation.query_parameters().zip(&name.setters) {
            let signature = format!("fn({})", self.query(parameter));
            self.add(
                under,
                Sort::Setter,
                format!("{call}<{path}>::{setter}"),
                signature,
            );
        }
    }

    /// The type that stands for an operation: its request type where it has one.
    fn stand_in(&mut self, method: &str, path: &str, operation: &Operation) {
        let content = operation.body.as_ref().map(|body| &body.content);
        let record = |id| self.api.record(&Ty::Named(id));
        match content {
            Some(&Content::Fields(id)) if record(id).is_some() => {
                let record = record(id).cloned().unwrap_or_default();
                self.request(method, path, id, &record);
            }
            Some(&Content::Multipart(id)) if record(id).is_some() => {
                let record = record(id).cloned().unwrap_or_default();
                self.parts(method, path, id, &record);
            }
            _ => {
                let under = Under {
                    parent: method,
                    pointer: &operation.pointer,
                };
                self.add(under, Sort::Type, path.to_owned(), "operation");
            }
        }
    }

    /// A path parameter as an argument.
    fn argument(&self, parameter: &Parameter) -> String {
        match &parameter.ty {
            Ty::Integer | Ty::Number | Ty::Boolean => self.spelt(&parameter.ty),
            Ty::Named(_) if self.is_enum(&parameter.ty) => self.spelt(&parameter.ty),
            _ => "&str".to_owned(),
        }
    }

    /// A query parameter as the argument of its setter.
    fn query(&self, parameter: &Parameter) -> String {
        match &parameter.ty {
            Ty::List(item) if matches!(**item, Ty::String | Ty::Secret) => {
                "impl IntoIterator<Item = impl Display>".to_owned()
            }
            Ty::List(item) => format!("impl IntoIterator<Item = {}>", self.query_value(item)),
            ty => self.query_value(ty),
        }
    }

    fn query_value(&self, ty: &Ty) -> String {
        match ty {
            Ty::String | Ty::Secret => "&str".to_owned(),
            Ty::List(_) | Ty::Map(_) | Ty::Json => "Json".to_owned(),
            Ty::Named(_) if !self.is_enum(ty) => "Json".to_owned(),
            ty => self.spelt(ty),
        }
    }

    fn answer(&self, answer: &Answer) -> String {
        let ty = match &answer.kind {
            AnswerKind::Nothing => return "()".to_owned(),
            AnswerKind::Bytes => return "Bytes".to_owned(),
            AnswerKind::Value(ty) => self.spelt(ty),
            AnswerKind::Page(list) => return format!("Page<{}>", self.spelt(&list.item)),
        };
        if answer.optional {
            format!("Option<{ty}>")
        } else {
            ty
        }
    }
}

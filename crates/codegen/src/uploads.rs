//! Addresses in the document's answers to which a file is uploaded.

use linode_spec::api::{Record, Ty, TypeKind};
use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Model;

/// What the API calls such an address.
const ADDRESS: &str = "upload_to";

/// The method that uploads a file, if an answer of the document gives an address for one.
pub fn upload(model: &Model<'_>) -> Option<TokenStream> {
    let is_given = |record: &Record| {
        let mut fields = record.fields.iter();
        fields.any(|field| field.name == ADDRESS && matches!(field.ty, Ty::String | Ty::Secret))
    };
    let mut types = model.api.types.iter();
    types
        .any(|ty| matches!(&ty.kind, TypeKind::Record(record) if is_given(record)))
        .then(method)
}

fn method() -> TokenStream {
    quote! {
        /// Uploads a file to the address that the API gave for it, `upload_to`: a gzip, from bytes, a path or a stream.
        ///
        /// The token does not go there.
        pub fn upload(&self, to: &str, content: impl Into<Content>) -> Upload {
            Upload::new(&self.0, to, content)
        }
    }
}

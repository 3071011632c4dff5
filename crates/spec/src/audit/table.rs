//! The table: one entry per key and kind of object.
//!
//! The first group of each kind is OpenAPI 3.0 itself (and what 3.1 spells differently, where the repairs translate
//! it); the vendor keys that occur in official documents follow. A new key in a new release is one line here.

use super::Kind::{
    Callback, Components, Contact, Discriminator, Document, Encoding, Example, ExternalDocs,
    Header, Info, License, Link, MediaType, OauthFlow, OauthFlows, Operation, Parameter, PathItem,
    Paths, RequestBody, Response, Responses, Schema, SecurityScheme, Server, ServerVariable, Tag,
    Xml,
};
use super::Shape::{
    Count, Data, Flag, List, Map, Number, One, OneOrFlag, Prose, ProseMap, Requirements, Sample,
    Text, TextMap, Texts, Values,
};
use super::{ANY_NAME, Entry, Kind, Shape, Standing};

const fn used(kind: Kind, key: &'static str, shape: Shape) -> Entry {
    Entry {
        kind,
        key,
        shape,
        standing: Standing::Used,
    }
}

const fn ignored(kind: Kind, key: &'static str, shape: Shape, reason: &'static str) -> Entry {
    Entry {
        kind,
        key,
        shape,
        standing: Standing::Ignored(reason),
    }
}

const fn told(kind: Kind, key: &'static str, shape: Shape, reason: &'static str) -> Entry {
    Entry {
        kind,
        key,
        shape,
        standing: Standing::Told(reason),
    }
}

const CLI_OUTPUT: &str = "how the command line tool prints an answer";
const CLI_INPUT: &str = "how the command line tool fills in a request";
const DOCS_SITE: &str = "for the documentation site only";
const PEOPLE: &str = "about the document's publisher, not about the API";
const NO_CALLBACKS: &str = "the client takes no calls";
const NO_LINKS: &str = "hints at other operations, which the client has as methods anyway";
const NO_XML: &str = "the client speaks JSON; anything else is bytes";
const NO_ENCODING: &str = "the parts of a body are sent as their schemas describe them";
const TOKENS_ALONE: &str = "the client has a token, or sends no credentials";
const NO_SUCH_FLOW: &str = "the login service is taken to offer the other flows";
const EXAMPLES: &str = "examples of whole bodies; those of single fields are used";

pub(super) const ENTRIES: &[Entry] = &[
    used(Document, "openapi", Text),
    used(Document, "info", One(Info)),
    used(Document, "servers", List(Server)),
    used(Document, "paths", One(Paths)),
    used(Document, "components", One(Components)),
    used(Document, "security", Requirements),
    used(Document, "tags", List(Tag)),
    used(Document, "externalDocs", One(ExternalDocs)),
    told(Document, "webhooks", Map(PathItem), NO_CALLBACKS),
    ignored(Document, "x-readme", Data, DOCS_SITE),
    ignored(Document, "x-akamai", Data, DOCS_SITE),
    //
    used(Info, "title", Text),
    used(Info, "version", Text),
    ignored(
        Info,
        "description",
        Prose,
        "the guide to the whole API belongs to its own site",
    ),
    ignored(Info, "termsOfService", Text, PEOPLE),
    ignored(Info, "contact", One(Contact), PEOPLE),
    ignored(Info, "license", One(License), PEOPLE),
    ignored(Info, "x-logo", Data, DOCS_SITE),
    ignored(Info, "x-akamai", Data, DOCS_SITE),
    //
    ignored(Contact, "name", Text, PEOPLE),
    ignored(Contact, "url", Text, PEOPLE),
    ignored(Contact, "email", Text, PEOPLE),
    //
    ignored(License, "name", Text, PEOPLE),
    ignored(License, "url", Text, PEOPLE),
    //
    used(Server, "url", Text),
    used(Server, "variables", Map(ServerVariable)),
    ignored(Server, "description", Prose, "the URL says it"),
    //
    used(ServerVariable, "default", Text),
    used(ServerVariable, "enum", Texts),
    ignored(ServerVariable, "description", Prose, "the values say it"),
    //
    used(Components, "schemas", Map(Schema)),
    used(Components, "responses", Map(Response)),
    used(Components, "parameters", Map(Parameter)),
    used(Components, "requestBodies", Map(RequestBody)),
    used(Components, "headers", Map(Header)),
    used(Components, "pathItems", Map(PathItem)),
    used(Components, "securitySchemes", Map(SecurityScheme)),
    ignored(Components, "examples", Map(Example), EXAMPLES),
    told(Components, "links", Map(Link), NO_LINKS),
    told(Components, "callbacks", Map(Callback), NO_CALLBACKS),
    //
    used(Paths, ANY_NAME, One(PathItem)),
    //
    used(PathItem, "$ref", Text),
    used(PathItem, "get", One(Operation)),
    used(PathItem, "put", One(Operation)),
    used(PathItem, "post", One(Operation)),
    used(PathItem, "delete", One(Operation)),
    used(PathItem, "patch", One(Operation)),
    used(PathItem, "head", One(Operation)),
    used(PathItem, "options", One(Operation)),
    used(PathItem, "trace", One(Operation)),
    used(PathItem, "servers", List(Server)),
    used(PathItem, "parameters", List(Parameter)),
    ignored(PathItem, "summary", Text, "each operation has its own"),
    ignored(PathItem, "description", Prose, "each operation has its own"),
    used(PathItem, "x-linode-cli-command", Text),
    ignored(PathItem, "x-akamai", Data, DOCS_SITE),
    //
    used(Operation, "operationId", Text),
    used(Operation, "summary", Text),
    used(Operation, "description", Prose),
    used(Operation, "tags", Texts),
    used(Operation, "externalDocs", One(ExternalDocs)),
    used(Operation, "parameters", List(Parameter)),
    used(Operation, "requestBody", One(RequestBody)),
    used(Operation, "responses", One(Responses)),
    used(Operation, "deprecated", Flag),
    used(Operation, "security", Requirements),
    used(Operation, "servers", List(Server)),
    told(Operation, "callbacks", Map(Callback), NO_CALLBACKS),
    used(Operation, "x-linode-grant", Text),
    used(Operation, "x-linode-charge", Flag),
    used(Operation, "x-linode charge", Flag),
    used(Operation, "x-linode-cli-command", Text),
    used(Operation, "x-linode-cli-action", Data),
    ignored(
        Operation,
        "x-linode-cli-skip",
        Flag,
        "leaves an operation out of the command line tool only",
    ),
    ignored(Operation, "x-linode-redoc-load-ids", Flag, DOCS_SITE),
    ignored(
        Operation,
        "x-code-samples",
        Data,
        "calls in other languages",
    ),
    ignored(Operation, "x-codeSamples", Data, "calls in other languages"),
    ignored(Operation, "x-akamai", Data, DOCS_SITE),
    ignored(Operation, "x-readme", Data, DOCS_SITE),
    //
    used(ExternalDocs, "url", Text),
    ignored(ExternalDocs, "description", Prose, "the link is enough"),
    //
    used(Parameter, "$ref", Text),
    used(Parameter, "name", Text),
    used(Parameter, "in", Text),
    used(Parameter, "description", Prose),
    used(Parameter, "required", Flag),
    used(Parameter, "deprecated", Flag),
    used(Parameter, "schema", One(Schema)),
    used(Parameter, "content", Map(MediaType)),
    used(Parameter, "style", Text),
    used(Parameter, "explode", Flag),
    used(Parameter, "example", Sample),
    ignored(Parameter, "examples", Map(Example), EXAMPLES),
    told(
        Parameter,
        "allowEmptyValue",
        Flag,
        "an empty value is sent when it is given",
    ),
    told(
        Parameter,
        "allowReserved",
        Flag,
        "reserved characters are always encoded, which every server reads",
    ),
    ignored(Parameter, "x-akamai", Data, DOCS_SITE),
    //
    used(RequestBody, "$ref", Text),
    used(RequestBody, "content", Map(MediaType)),
    used(RequestBody, "required", Flag),
    ignored(
        RequestBody,
        "description",
        Prose,
        "the operation's own says what it takes",
    ),
    ignored(
        RequestBody,
        "x-linode-cli-allowed-defaults",
        Data,
        CLI_INPUT,
    ),
    //
    used(MediaType, "schema", One(Schema)),
    ignored(MediaType, "example", Sample, EXAMPLES),
    ignored(MediaType, "examples", Map(Example), EXAMPLES),
    told(MediaType, "encoding", Map(Encoding), NO_ENCODING),
    ignored(MediaType, "x-linode-cli-nested-list", Data, CLI_OUTPUT),
    ignored(MediaType, "x-linode-cli-rows", Data, CLI_OUTPUT),
    ignored(MediaType, "x-linode-cli-subtables", Data, CLI_OUTPUT),
    ignored(MediaType, "x-linode-cli-use-schema", Data, CLI_OUTPUT),
    //
    ignored(Encoding, "contentType", Text, NO_ENCODING),
    ignored(Encoding, "headers", Map(Header), NO_ENCODING),
    ignored(Encoding, "style", Text, NO_ENCODING),
    ignored(Encoding, "explode", Flag, NO_ENCODING),
    ignored(Encoding, "allowReserved", Flag, NO_ENCODING),
    //
    used(Responses, ANY_NAME, One(Response)),
    //
    used(Response, "$ref", Text),
    used(Response, "content", Map(MediaType)),
    ignored(
        Response,
        "description",
        Prose,
        "the operation's own says what it answers",
    ),
    told(
        Response,
        "headers",
        Map(Header),
        "the headers that matter are the same for every answer",
    ),
    told(Response, "links", Map(Link), NO_LINKS),
    //
    ignored(Callback, "$ref", Text, NO_CALLBACKS),
    ignored(Callback, ANY_NAME, One(PathItem), NO_CALLBACKS),
    //
    ignored(Example, "$ref", Text, EXAMPLES),
    ignored(Example, "summary", Prose, EXAMPLES),
    ignored(Example, "description", Prose, EXAMPLES),
    ignored(Example, "value", Sample, EXAMPLES),
    ignored(Example, "externalValue", Text, EXAMPLES),
    //
    ignored(Link, "$ref", Text, NO_LINKS),
    ignored(Link, "operationId", Text, NO_LINKS),
    ignored(Link, "operationRef", Text, NO_LINKS),
    ignored(Link, "parameters", Data, NO_LINKS),
    ignored(Link, "requestBody", Data, NO_LINKS),
    ignored(Link, "description", Prose, NO_LINKS),
    ignored(Link, "server", One(Server), NO_LINKS),
    //
    used(Header, "$ref", Text),
    used(Header, "description", Prose),
    used(Header, "required", Flag),
    used(Header, "deprecated", Flag),
    used(Header, "schema", One(Schema)),
    used(Header, "content", Map(MediaType)),
    used(Header, "style", Text),
    used(Header, "example", Sample),
    ignored(Header, "examples", Map(Example), EXAMPLES),
    ignored(
        Header,
        "explode",
        Flag,
        "the headers of an answer come as they are",
    ),
    //
    used(Tag, "name", Text),
    used(Tag, "description", Prose),
    used(Tag, "externalDocs", One(ExternalDocs)),
    //
    used(Schema, "$ref", Text),
    used(Schema, "type", Text),
    used(Schema, "title", Text),
    used(Schema, "description", Prose),
    used(Schema, "format", Text),
    used(Schema, "enum", Values),
    used(Schema, "const", Data),
    used(Schema, "default", Data),
    used(Schema, "example", Sample),
    used(Schema, "examples", Sample),
    used(Schema, "nullable", Flag),
    used(Schema, "readOnly", Flag),
    used(Schema, "writeOnly", Flag),
    used(Schema, "deprecated", Flag),
    used(Schema, "properties", Map(Schema)),
    used(Schema, "$defs", Map(Schema)),
    used(Schema, "required", Texts),
    used(Schema, "additionalProperties", OneOrFlag(Schema)),
    used(Schema, "minProperties", Count),
    used(Schema, "maxProperties", Count),
    used(Schema, "items", One(Schema)),
    used(Schema, "minItems", Count),
    used(Schema, "maxItems", Count),
    used(Schema, "uniqueItems", Flag),
    used(Schema, "allOf", List(Schema)),
    used(Schema, "oneOf", List(Schema)),
    used(Schema, "anyOf", List(Schema)),
    used(Schema, "not", One(Schema)),
    used(Schema, "discriminator", One(Discriminator)),
    used(Schema, "minimum", Number),
    used(Schema, "maximum", Number),
    used(Schema, "exclusiveMinimum", Flag),
    used(Schema, "exclusiveMaximum", Flag),
    used(Schema, "multipleOf", Number),
    used(Schema, "minLength", Count),
    used(Schema, "maxLength", Count),
    used(Schema, "pattern", Text),
    used(Schema, "externalDocs", One(ExternalDocs)),
    told(Schema, "xml", One(Xml), NO_XML),
    used(Schema, "x-linode-filterable", Flag),
    used(Schema, "x-linode-ref-name", Text),
    ignored(Schema, "x-linode-cli-display", Data, CLI_OUTPUT),
    ignored(Schema, "x-linode-cli-color", Data, CLI_OUTPUT),
    ignored(Schema, "x-linode-cli-format", Data, CLI_INPUT),
    ignored(Schema, "x-akamai", Data, DOCS_SITE),
    //
    used(Discriminator, "propertyName", Text),
    used(Discriminator, "mapping", TextMap),
    //
    ignored(Xml, "name", Text, NO_XML),
    ignored(Xml, "namespace", Text, NO_XML),
    ignored(Xml, "prefix", Text, NO_XML),
    ignored(Xml, "attribute", Flag, NO_XML),
    ignored(Xml, "wrapped", Flag, NO_XML),
    //
    used(SecurityScheme, "$ref", Text),
    used(SecurityScheme, "type", Text),
    used(SecurityScheme, "scheme", Text),
    used(SecurityScheme, "flows", One(OauthFlows)),
    ignored(
        SecurityScheme,
        "description",
        Prose,
        "the client has its own words for its tokens",
    ),
    told(SecurityScheme, "name", Text, TOKENS_ALONE),
    ignored(SecurityScheme, "in", Text, TOKENS_ALONE),
    ignored(SecurityScheme, "bearerFormat", Text, "a token is opaque"),
    told(SecurityScheme, "openIdConnectUrl", Text, TOKENS_ALONE),
    //
    used(OauthFlows, "authorizationCode", One(OauthFlow)),
    used(OauthFlows, "implicit", One(OauthFlow)),
    told(OauthFlows, "password", One(OauthFlow), NO_SUCH_FLOW),
    told(
        OauthFlows,
        "clientCredentials",
        One(OauthFlow),
        NO_SUCH_FLOW,
    ),
    //
    used(OauthFlow, "authorizationUrl", Text),
    used(OauthFlow, "tokenUrl", Text),
    used(OauthFlow, "refreshUrl", Text),
    used(OauthFlow, "scopes", ProseMap),
];

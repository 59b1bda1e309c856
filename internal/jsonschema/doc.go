// Package jsonschema checks decoded JSON against schemas of JSON Schema, draft
// 2020-12 (https://json-schema.org/draft/2020-12/json-schema-core and
// …-validation). Compile reads documents that refer to one another and says
// what is wrong in them; Schema.Validate says what is wrong in a value.
//
// It follows all keywords of the draft but for $dynamicRef, $dynamicAnchor,
// $vocabulary and an $id inside a document, which it refuses. Formats are
// asserted. Nothing is fetched: a $ref leads to one of the documents given.
// Numbers are compared as the decimals that they are, without rounding.
//
// Values and documents are what encoding/json decodes with UseNumber.
package jsonschema

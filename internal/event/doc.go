// Package event holds the contract between whoever sends events and whoever
// reads them: the shape of a BaseEvent, a JSON Schema for each of its types,
// and the JSON that both sides exchange.
//
// The schemas are the one place where a type is written down. A Registry
// compiles them into nodes, by which Parse checks an event in one pass over
// its bytes; what nodes cannot say goes through the full JSON Schema validator
// as well, internal/jsonschema. Tests hold both to the same verdicts. Besides
// that validator the package imports nothing but the standard library, so that
// every stage can stand on it.
package event

// Package event holds the contract between whoever sends events and whoever
// reads them: the shape of a BaseEvent, the names of its types, and the JSON
// that both sides exchange. It imports nothing but the standard library, so
// that every stage can stand on it.
package event

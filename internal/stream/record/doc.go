// Package record is what travels between the stages of the stream: batches of
// enriched events, and the windows and sessions that are made of them. It is the
// one place that knows how they are written.
//
// All of it is binary, little endian, with lengths as varints: an event is read
// by three stages, and reading JSON three times costs more than all they do. The
// first byte is the version; a reader refuses one that it does not know.
package record

// Package tracing has what the spans of collector and stream share: how the context of
// one travels in the log, and what one tells of the messages that it is about.
//
// Attributes are named as OpenTelemetry's conventions for messaging name them
// (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/); those that
// it has none for begin with "tiendi.". A span of a batch has no parent among those
// that wrote what it reads, since these are many: it is linked to them.
package tracing

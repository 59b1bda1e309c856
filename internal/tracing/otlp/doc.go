// Package otlp makes spans and posts them to an OpenTelemetry receiver: a collector,
// Jaeger, Tempo. It speaks OTLP over HTTP with JSON
// (https://opentelemetry.io/docs/specs/otlp/#otlphttp), which every receiver of OTLP
// takes and which needs neither gRPC nor protobuf in the binary.
//
// Spans are dropped rather than waited for: a receiver that is slow or away costs a
// bounded queue, and what is lost is counted.
package otlp

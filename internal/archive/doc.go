// Package archive keeps what came in, as it came, in object storage: for good, and so
// that any day can be rebuilt from it.
//
// A file holds the messages of one partition of a topic, from one offset up to another,
// as lines of JSON under zstd, behind a manifest. Its name says what it holds:
//
//	analytics.raw/date=2026-11-20/hour=13/0003-LOG-FROM-LAST.ndjson.zst
//
// Who writes a file announces its offsets in the log before, so that a successor writes
// the same file again, over it. The files of a partition lie end to end: a gap is a file
// that is missing, an overlap one too many. An extent, one small object a partition,
// says where they must begin and end.
package archive

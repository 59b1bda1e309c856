// Package enrich is the first stage of the stream: it turns lines of the raw topic
// into batches of the enriched one, each event once.
//
// What it remembers is a function of what it has written, and of nothing else. A
// successor reads that back, so it knows both the ids that were seen and the place
// in the raw log to go on from, whatever moment its predecessor died at.
package enrich

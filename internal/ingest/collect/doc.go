// Package collect takes events over HTTP and puts them into the log. What it
// answers 202 (or 200, where Segment's libraries want that) is confirmed by the
// broker, or lies on the disk of the spool: nothing is answered and then lost.
//
// The way of a request: an endpoint turns the body into events, a submission
// sorts them by partition, each partition's lane gathers what comes from all
// requests at about the same time into one batch and appends it, and the answer
// waits for the batches that its events are in. While the broker is away, a lane
// writes its batches to its spool instead, and they follow in their order once it
// is back. So a partition's events keep the order in which they were taken.
//
// A batch that was sent without a confirmation is sent again under its number,
// which readers recognise. Beyond what they remember, as after a kill between
// sending and forgetting, it may be in the log twice; events carry ids, and the
// enricher drops the second.
package collect

// Package embedded is the broker of a laptop: a NATS JetStream server that the
// local supervisor runs (Start), and the driver that reaches it (Connect).
//
// Each partition is a stream of its own, so that its offsets have no holes, with an
// id in its metadata. A message is confirmed when the server has handed it to the
// operating system: the death of the server loses nothing. It is on the disk a
// second later at most, so that a power cut can lose what was confirmed in the last
// second; readers that were further see ErrTruncated.
//
// A claim is a record written on the condition that the log has not grown since,
// and so is all that its owner appends: whoever was overtaken is refused by the
// server. That an owner lives shows by its subscription, which ends with its
// connection.
package embedded

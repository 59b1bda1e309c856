// Package broker is the seam to what carries events between processes: a
// partitioned log with offsets. A topic has a number of partitions, fixed for its
// life; a partition is a log of batches in one order, read from any offset as often
// as wanted. Drivers are child packages and implement Broker; what must hold for all
// of them (numbering, dropping doubled and stale batches, refusing a log that is not
// the one read before) is written here, once.
//
// Two ways to write:
//
//   - Producer: anybody, at any time. A batch that was not confirmed may be stored
//     all the same; it is sent again under its number, and readers drop the second.
//   - Claim: one owner at a time. What an earlier owner sends after a newer claim is
//     refused by the broker or skipped by readers. A topic is written one way only.
//
// Read reads a partition and remembers in Progress what the next reader must know.
package broker

// Package cdc mirrors tables of a PostgreSQL database into the log, as changes of rows:
// first all rows as they are, by a snapshot in chunks, then every insert, update, delete
// and truncate from PostgreSQL's own log, by logical replication (plugin pgoutput).
//
// # Versions
//
// A change's version is the place of its transaction's commit in PostgreSQL's log and
// its number in the transaction (see change.Version). Both are the same whenever the
// log is read again, so a change that is sent twice, after a kill, changes nothing.
//
// # Snapshot
//
// The slot is there first. Every row of the snapshot has the slot's consistent point as
// its version. Chunks are ranges of the primary key, each read in a short transaction of
// its own and marked as done once the log has confirmed its rows. What a chunk sees that
// is newer than the consistent point comes again from PostgreSQL's log, with a higher
// version. So chunks need no common snapshot, may be read in any order, at once and
// twice, and a snapshot goes on where it was killed.
//
// A snapshot begins with a truncate of the table, below its rows' version: rows that the
// warehouse has and the database has not are gone afterwards.
//
// # Streaming
//
// Changes go by change.Partition into batches. A partition's next batch is sent when the
// last one is confirmed; partitions are independent. The bytes under way are bounded: a
// log that takes nothing stops the reading, while PostgreSQL goes on to hear how far the
// log has confirmed. PostgreSQL is told only of transactions of which the log has
// confirmed every change, and a checkpoint is saved before it is told.
//
// An idle database needs no heartbeat rows: PostgreSQL sends keepalives as it reads past
// what is of no interest to the slot, and where nothing is pending these are confirmed.
package cdc

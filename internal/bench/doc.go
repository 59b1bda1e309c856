// Package bench measures and maltreats tiendi from outside: it builds the
// program, runs it as people do, and holds its time, its memory and what a
// kill -9 leaves behind against the design's targets. It holds tests only.
//
// Benchmarks (make bench) set tiendi against a peer that does the least that
// could be done, in turns on the same machine, and report the median of the
// ratios, since such machines are never quiet. A missed target is said in the
// table at the end and never fails the run:
//
//   - Run: wall time of the whole process of `tiendi run`, from its start to
//     its exit, over a running engine and with a parse cache as every run but
//     the first has it, divided by the time in which a bare clickhouse-go
//     client, connecting included, sends the statements that this very run has
//     logged. The client has as many workers as the run had threads; each
//     sends the statements of one node in their order, takes nodes in the
//     run's order, and none before those that it depends on.
//   - Start: `tiendi --version`, the whole process.
//   - Parse: `tiendi parse` on 10,000 models, the whole process: cold with no
//     cache, warm with that of an equal project.
//   - Load: rows a second of the load package, divided by those of the engine on
//     the same file: by INSERT … SELECT FROM file(), and for a server by an HTTP
//     insert (that package's own benchmark; it runs here as it is).
//   - Generate: `tiendi generate`, the whole process, to files.
//   - Marketplace: load and build of a generated marketplace of -events events.
//   - Pipeline: events a second from HTTP to ClickHouse, Redis and PostgreSQL, all
//     servers on this machine, and processor time an event by process: all accepted
//     events, divided by the time until the last of them is everywhere, its session
//     too. At most so many are under way at once, so that no lag grows. Beside it the
//     same of a naive pipeline that makes the same figures without any guarantee (see
//     pipeline_naive_test.go).
//   - Freshness: at half of -pipeline-rate, the collector's answers, and the time from
//     an answer until single events are seen in Redis, ClickHouse and PostgreSQL.
//   - CDC: rows a second from PostgreSQL's table to ClickHouse's, beside ClickHouse's own
//     postgresql() copying the same table; changes a second from PostgreSQL's log, with
//     -cdc-rows of them waiting there; and at 5,000 changes a second the time from a
//     commit until the row is seen in ClickHouse. Processor time is told by process.
//   - OpenSessions: a worker's memory with -pipeline-sessions open sessions, and how
//     long it takes to stop and to be back at work with them.
//
// The chaos tests (make chaos; a few rounds in make test) kill tiendi, its
// supervisor and its engine at random moments, and run tiendi beside itself.
// TIENDI_CHAOS is the number of rounds. The one of the stream kills collectors,
// workers and all servers between them, cuts networks and rewinds Redis, four faults
// a round; TIENDI_SEED repeats their order, and go test's -artifacts keeps the logs
// of the processes. The one of CDC has writers change a marketplace in PostgreSQL, kills
// all that is between it and the staging tables, three faults a round, and compares these
// with the source row for row.
package bench

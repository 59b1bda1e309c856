// Package materialize builds models and seeds in ClickHouse. Pure planners
// turn a node's settings, its SQL and what stands in the warehouse into a
// Plan, an ordered list of statements; Perform is the one place that runs
// them.
//
// Whatever replaces rows is built aside, under names that carry the run's id,
// and put in place by one statement that stays atomic when the engine itself is
// killed: EXCHANGE TABLES, or ATTACH PARTITION of a single part. (REPLACE
// PARTITION is not: the replaced parts come back if the engine dies before it
// has deleted them.) A process that dies between any two statements leaves the
// old or the new version, and temporary tables that the next run sweeps.
package materialize

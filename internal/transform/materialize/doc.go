// Package materialize builds models and seeds in ClickHouse. Pure planners
// turn a node's settings, its SQL and what stands in the warehouse into a
// Plan, an ordered list of statements; Perform is the one place that runs
// them.
//
// Whatever replaces rows is built aside, under names that carry the run's id,
// and put in place by one atomic statement: EXCHANGE TABLES, REPLACE
// PARTITION or ATTACH PARTITION ALL. A process that dies between any two
// statements leaves the old or the new version, and temporary tables that the
// next run sweeps.
package materialize

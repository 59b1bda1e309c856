// Package backfill rebuilds models for a range of time. It plans first: which
// models can be rebuilt for just the range, by slices or by key, which are
// built whole, and what an earlier run has done of it. Then it refills raw
// tables from the archive where that is asked for, runs the plan through the
// models' own builder (internal/transform/run), and rewrites the cache's days.
//
// After it every model equals, for the range, what a full build would give. Any
// of it may be killed between any two statements: slices are swapped in
// atomically and written down afterwards, so at worst one is built again, which
// changes nothing.
package backfill

// Package journal remembers in the warehouse what jobs have done: which steps
// of which run, and whether it still runs. Machines that share a warehouse
// share it, and there is no other store of state.
//
// It is one table, tiendi_jobs, to which rows are only ever added, one at a
// time; of each step the newest row counts. That a run lives is told by a lease
// of its own (see materialize.Lease), so that the jobs of a process that was
// killed are free at once on its own host, and after a minute on others.
package journal

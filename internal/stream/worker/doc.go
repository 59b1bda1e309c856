// Package worker runs the stages of the stream: read, process, write, remember.
//
// A task is one stage on one partition. Whoever does it has claimed the partition
// that it writes to, so there is one at a time, and one that was paused and wakes up
// is refused by the log. What a task knows is a function of the log that it reads:
// it begins with its newest checkpoint, reads on from there, and publishes absolute
// values with revisions, which may be published twice. So a worker may die at any
// moment, and another one goes on.
//
// Workers share the tasks out by a list of those that are alive. The list only
// proposes; the claims decide.
package worker

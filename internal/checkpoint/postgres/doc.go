// Package postgres keeps checkpoints and the list of workers in PostgreSQL, for
// workers on several machines. Whoever beats is alive by the server's clock, so the
// machines' own clocks do not matter.
//
// The data of a checkpoint are sent first, in pieces under a number of their own
// that nobody sees. Then the epoch is compared, and the number written in place of
// the one before: a worker that is stopped in the middle of a save holds no lock.
package postgres

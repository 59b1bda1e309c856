// Package delivery brings reports to their readers, by mail and by webhook, each
// report once.
//
// What is sent is noted in a ledger after the other side has taken it, and before
// the next report is. A run that is killed between the two sends again what it had
// under way, one report of each connection at most: at least once, since a report
// that comes twice is a nuisance, and one that never comes is not noticed. Both
// copies carry the same Message-ID or Idempotency-Key, by which they can be told.
package delivery

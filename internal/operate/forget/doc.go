// Package forget makes people unrecognisable in everything that tiendi keeps: the
// warehouse, the archive and PostgreSQL. It proves it by a second look.
//
// A person is user ids, the session ids of that user's events, and texts that he is
// known by (e-mail addresses). Ids are replaced by random ones, the same everywhere, so
// that every figure stays what it was: his orders are still those of one customer, and
// his sessions are still sessions. What his rows say about him is blotted out.
//
// Which id became which is kept only as long as a request is open, which is until the
// log has nothing of him any more: what comes in late gets the same pseudonyms then.
// Afterwards nobody can tell.
//
// Every step may be done again, so a run that was killed anywhere is gone on with by
// the next one.
package forget

package forget

import "time"

// Found is somewhere that something of theirs is, or was.
type Found struct {
	Place  string `json:"place"`  // warehouse, archive, redis, postgres or source
	Object string `json:"object"` // a table, a topic, keys
	Count  uint64 `json:"count"`
	Unit   string `json:"unit"` // row, line or member
	Files  int    `json:"files,omitempty"`
}

// Proof says what was done, for whom asks.
type Proof struct {
	Users  []string  `json:"users"` // those of the command
	Began  time.Time `json:"began"`
	Ended  time.Time `json:"ended"`
	DryRun bool      `json:"dry_run"`
	// Sessions is how many of theirs there were, Shared how many more that are somebody
	// else's, too, and keep their ids.
	Sessions int     `json:"sessions"`
	Shared   int     `json:"shared_sessions"`
	Found    []Found `json:"found"`
	// Left is what the last look has found; of a dry run nothing.
	Left  []Found  `json:"left"`
	Notes []string `json:"notes"`
	// FilesGone says that the warehouse's files from before are deleted.
	FilesGone bool `json:"files_gone"`
	// Open are the requests that are to be run again, until the log has nothing.
	Open []Open `json:"open_requests"`
	// Closed is how many were closed: nobody knows any more which id became which.
	Closed int `json:"closed_requests"`
}

// Open is a request that is open.
type Open struct {
	Request  string    `json:"request"`
	LogUntil time.Time `json:"log_until"`
}

// Clean says whether the last look found nothing.
func (p *Proof) Clean() bool { return len(p.Left) == 0 }

// add takes in what one more look has found: it is what had come since.
func (p *Proof) add(found []Found) {
	for _, f := range found {
		known := false
		for i := range p.Found {
			if q := &p.Found[i]; q.Place == f.Place && q.Object == f.Object {
				q.Count, q.Files, known = q.Count+f.Count, q.Files+f.Files, true
			}
		}
		if !known {
			p.Found = append(p.Found, f)
		}
	}
}

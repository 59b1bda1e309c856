package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/tiendi/tiendi/internal/transform/compile"
)

// maxResultsBytes bounds the file that a retry reads.
const maxResultsBytes = 1 << 30

// Previous is an earlier run as its run_results.json tells it.
type Previous struct {
	Command string
	Args    map[string]any
	// Again are the unique ids of nodes that failed or were skipped.
	Again []string
	// Batches are the slices that microbatch models did not finish, where
	// they finished some.
	Batches map[string][]compile.Batch
}

// ReadPrevious reads the results of an earlier run, to try again what it did
// not finish.
func ReadPrevious(path string) (*Previous, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no earlier run to retry: %s is missing\n  run first: tiendi build", path)
	} else if err != nil {
		return nil, fmt.Errorf("read the earlier run: %w", err)
	}
	if info.Size() > maxResultsBytes {
		return nil, fmt.Errorf("%s is larger than %d MB: it is not the results of a run", path, maxResultsBytes>>20)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the earlier run: %w", err)
	}
	var a artifact
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	p := &Previous{Args: a.Args, Batches: map[string][]compile.Batch{}}
	p.Command, _ = a.Args["which"].(string)
	for _, r := range a.Results {
		switch r.Status {
		case Error, Fail, Skipped, PartialSuccess, "runtime error":
			p.Again = append(p.Again, r.UniqueID)
		}
		if r.BatchResults == nil || len(r.BatchResults.Successful) == 0 {
			continue
		}
		for _, times := range r.BatchResults.Failed {
			b, err := parseBatch(times)
			if err != nil {
				return nil, fmt.Errorf("read %s: batches of %s: %w", path, r.UniqueID, err)
			}
			p.Batches[r.UniqueID] = append(p.Batches[r.UniqueID], b)
		}
	}
	return p, nil
}

func parseBatch(times [2]string) (b compile.Batch, err error) {
	if b.Start, err = time.Parse(time.RFC3339, times[0]); err != nil {
		return b, err
	}
	b.End, err = time.Parse(time.RFC3339, times[1])
	return b, err
}

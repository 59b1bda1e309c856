package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// maxArtifact bounds an artifact that is read, in bytes.
const maxArtifact = 1 << 30

// readArtifact reads a JSON artifact; a missing file is fs.ErrNotExist.
func readArtifact(file string, to any) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: maxArtifact}
	if err := json.NewDecoder(limited).Decode(to); err != nil {
		if limited.N <= 0 {
			return fmt.Errorf("%s is larger than the %d bytes that are read", file, maxArtifact)
		}
		return fmt.Errorf("%s is not a readable artifact: %w", file, err)
	}
	return nil
}

// earlierResults are statuses by unique id, and times of load by source.
type earlierResults struct {
	status        map[string]string
	before, since map[string]time.Time
	hasBefore     bool
	hasSince      bool
}

// ReadResults reads the run_results.json and sources.json of an earlier run in
// stateDir, and today's sources.json in targetDir to compare with. Missing
// files are no error until a selector needs them.
func ReadResults(stateDir, targetDir string) (Results, error) {
	r := &earlierResults{status: map[string]string{}}
	var run struct {
		Results []struct {
			UniqueID string `json:"unique_id"`
			Status   string `json:"status"`
		} `json:"results"`
	}
	if err := readArtifact(filepath.Join(stateDir, "run_results.json"), &run); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, one := range run.Results {
		r.status[one.UniqueID] = one.Status
	}
	var err error
	if r.before, r.hasBefore, err = loadedTimes(stateDir); err != nil {
		return nil, err
	}
	if r.since, r.hasSince, err = loadedTimes(targetDir); err != nil {
		return nil, err
	}
	return r, nil
}

// loadedTimes reads max_loaded_at of each source that sources.json measured.
func loadedTimes(dir string) (map[string]time.Time, bool, error) {
	var sources struct {
		Results []struct {
			UniqueID string     `json:"unique_id"`
			LoadedAt *time.Time `json:"max_loaded_at"`
		} `json:"results"`
	}
	err := readArtifact(filepath.Join(dir, "sources.json"), &sources)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	times := map[string]time.Time{}
	for _, one := range sources.Results {
		if one.LoadedAt != nil {
			times[one.UniqueID] = *one.LoadedAt
		}
	}
	return times, true, nil
}

// Result gives a node's status in the earlier run.
func (r *earlierResults) Result(id string) string { return r.status[id] }

// Fresher says whether a source has newer data than in the earlier run, or is
// measured for the first time.
func (r *earlierResults) Fresher(id string) (bool, error) {
	if !r.hasBefore {
		return false, errors.New("there is no sources.json in the folder of --state: run tiendi source freshness there first")
	}
	if !r.hasSince {
		return false, errors.New("there is no sources.json of now: run tiendi source freshness first")
	}
	now, measured := r.since[id]
	if !measured {
		return false, nil
	}
	before, was := r.before[id]
	return !was || now.After(before), nil
}

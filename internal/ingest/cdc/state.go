package cdc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pglogrepl"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/checkpoint"
)

// stateVersion is of the format of a checkpoint's data.
const stateVersion = 1

// state is what is known of a slot, and kept as a checkpoint.
type state struct {
	System   string // identifies the cluster that the slot is in
	Database string
	// Creating says that the slot is about to be made, by us.
	Creating bool
	// Confirmed is up to where the log has every change. It is saved before PostgreSQL is
	// told, so a slot that is further on has been moved by somebody else.
	Confirmed pglogrepl.LSN
	// Caught is the time up to which the log has every change.
	Caught time.Time
	Tables map[string]*mirrored // by schema.name
}

// mirrored is a table of which the log has the changes.
type mirrored struct {
	// Columns are those at Confirmed.
	Columns []change.Column
	// Start is the version of the snapshot's rows.
	Start pglogrepl.LSN
	// Wait are transactions that may have committed before Start without being visible
	// yet: the snapshot waits for them.
	Wait    []uint32 `json:",omitempty"`
	Cleared bool     // the log has the truncate that goes before the snapshot
	Planned bool     // Chunks are all there are
	Chunks  []chunk  `json:",omitempty"`
	Rows    int64    // of chunks that are done
}

// chunk is a range of the primary key, From ≤ key < To, as texts in the order of the
// index. Without From it begins, without To it ends, with the table.
type chunk struct {
	From []string `json:",omitempty"`
	To   []string `json:",omitempty"`
	Done bool     `json:",omitempty"`
}

// done says whether the log has the whole snapshot.
func (m *mirrored) done() bool {
	return m.Planned && !slices.ContainsFunc(m.Chunks, func(c chunk) bool { return !c.Done })
}

// snapshotted says so of all tables.
func (s *state) snapshotted() bool {
	for _, m := range s.Tables {
		if !m.done() {
			return false
		}
	}
	return true
}

// names are the tables', in order.
func (s *state) names() []string { return slices.Sorted(maps.Keys(s.Tables)) }

func stateKey(slot string) string { return "cdc/" + slot }

// readState gives the state of a slot; nil where there is none.
func readState(ctx context.Context, store checkpoint.Store, slot string) (*state, uint64, error) {
	c, data, err := checkpoint.LoadBytes(ctx, store, stateKey(slot))
	if errors.Is(err, checkpoint.ErrNone) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	if c.Version != stateVersion {
		return nil, 0, fmt.Errorf("checkpoint %q is of format %d, and this release knows %d: upgrade it", stateKey(slot), c.Version, stateVersion)
	}
	var s *state
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, 0, fmt.Errorf("checkpoint %q: %w: %w", stateKey(slot), checkpoint.ErrDamaged, err)
	}
	return s, c.Epoch, nil
}

// keeper saves the state, and is fenced when another process has taken over.
type keeper struct {
	store checkpoint.Store
	slot  string
	now   func() time.Time

	mu    sync.Mutex
	epoch uint64
	state *state // nil for none
}

// take loads the state and makes this process its owner.
func (k *keeper) take(ctx context.Context) error {
	s, epoch, err := readState(ctx, k.store, k.slot)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.state, k.epoch = s, epoch+1
	return k.save(ctx)
}

// change changes the state and saves it.
func (k *keeper) change(ctx context.Context, f func(*state)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	f(k.state)
	return k.save(ctx)
}

// replace puts another state in its place, nil for none.
func (k *keeper) replace(ctx context.Context, s *state) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.state = s
	return k.save(ctx)
}

// look calls f with the state, which may be nil and must not be kept.
func (k *keeper) look(f func(*state)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f(k.state)
}

// saveTimeout bounds a try to save: meanwhile PostgreSQL hears nothing of us.
const saveTimeout = 5 * time.Second

func (k *keeper) save(ctx context.Context) error {
	data, err := json.Marshal(k.state)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, saveTimeout)
	defer cancel()
	c := checkpoint.Checkpoint{Epoch: k.epoch, Version: stateVersion, Saved: k.now()}
	return checkpoint.SaveBytes(ctx, k.store, stateKey(k.slot), c, data)
}

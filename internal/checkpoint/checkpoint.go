// Package checkpoint is the seam to where the workers of a stream keep their state
// and see each other: a folder on one machine, PostgreSQL on many.
package checkpoint

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// What can go wrong, for errors.Is. The errors themselves name the key and the
// place.
var (
	// ErrNone: nothing was saved under the key.
	ErrNone = errors.New("there is no checkpoint")
	// ErrFenced: somebody with a higher epoch has saved. Whoever gets this has lost
	// its claim and stops.
	ErrFenced = errors.New("a later owner has saved a checkpoint")
	// ErrDamaged: what is stored is not what was saved. It has to be removed by hand:
	// state is made anew from the log then, as far as that goes back.
	ErrDamaged = errors.New("the checkpoint is damaged")
)

// Checkpoint is what is known of the state of one operator on one partition, beside
// its data: up to some hundred megabytes, which are written and read piece by piece, so
// that nobody holds all of them.
type Checkpoint struct {
	Epoch   uint64    // of the claim under which it was made, below 2⁶³
	Version int       // of the format of the data, its owner's business
	Saved   time.Time // by its owner's clock; kept in UTC and to the microsecond
}

// Store keeps the newest checkpoint of each key. A key is any text in UTF-8 without
// a zero byte, up to 2,000 bytes. It is safe for concurrent use, by several processes too.
type Store interface {
	// Load has read take the newest checkpoint, whose data are whole: what is damaged is
	// ErrDamaged before, and what is not there ErrNone. Data are there until read returns,
	// and an error of its is Load's.
	Load(ctx context.Context, key string, read func(c Checkpoint, data io.Reader) error) error
	// Save stores a checkpoint, with the data that write writes, in place of the one
	// before, in one step that happens or does not, also where the process or the machine
	// dies. It is ErrFenced when one of a higher epoch is stored, and write's error where
	// that has one. After any other error either is there. It may call write again.
	Save(ctx context.Context, key string, c Checkpoint, write func(io.Writer) error) error
}

// LoadBytes is Load for data that are small.
func LoadBytes(ctx context.Context, s Store, key string) (c Checkpoint, data []byte, err error) {
	err = s.Load(ctx, key, func(there Checkpoint, r io.Reader) (err error) {
		c = there
		data, err = io.ReadAll(r)
		return err
	})
	return c, data, err
}

// SaveBytes is Save for data that are there.
func SaveBytes(ctx context.Context, s Store, key string, c Checkpoint, data []byte) error {
	return s.Save(ctx, key, c, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Member is a worker as the others see it.
type Member struct {
	ID      string // its own for each process, in UTF-8 without a zero byte
	Host    string
	PID     int
	Started time.Time // by its own clock, to the microsecond
	Beat    time.Time // when it was last heard of, by the store's clock
	// Status is what it says of itself, nil for nothing.
	Status json.RawMessage `json:",omitempty"`
}

// Members is the list of the workers that are alive.
type Members interface {
	// Beat says that a member is alive, and gives all that have said so within the
	// time that the driver was opened with, that one included, in the order of their
	// ids as bytes. Beat of the argument does not matter.
	Beat(ctx context.Context, me Member) ([]Member, error)
	// Alive gives the same list, and says nothing of the caller.
	Alive(ctx context.Context) ([]Member, error)
	// Leave takes a member off the list, if it is on it.
	Leave(ctx context.Context, id string) error
}

// Forget is for how long a driver keeps what it knows of a member that does not
// beat any more.
const Forget = 24 * time.Hour

package forget

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// Place is somewhere that people may be.
type Place interface {
	Name() string
	// Look says where and how often, and what it cannot know.
	Look(ctx context.Context, p *People, tell func(string)) (found []Found, notes []string, err error)
	// Forget makes what the last Look has found nobody's. Done again it changes nothing.
	Forget(ctx context.Context, p *People, found []Found, tell func(string)) error
}

// Finder is a Place that knows whose a session is: own gives the user of each session of
// theirs, shared are those that somebody else has events in, too.
type Finder interface {
	Sessions(ctx context.Context, p *People) (own map[uuid.UUID]uuid.UUID, shared []uuid.UUID, err error)
}

// Options is one run.
type Options struct {
	Users []string // ids of users; with none only open requests are gone on with
	Texts []string // what else they are known by
	// Personal are the names of what people say about themselves; see PersonalKeys.
	Personal []string
	Declared map[string][]string // see People

	Warehouse   *Warehouse
	Places      []Place // besides the warehouse
	Source      *Source // nil for none
	Checkpoints []Checkpoint
	Notes       []string // what else whoever reads the proof should know

	DryRun bool
	// DespiteSource goes on although the shop's own database has them.
	DespiteSource bool
	// LogKeeps is for how long the log has what came.
	LogKeeps time.Duration
	// Wait is how long to wait for the files from before to be deleted.
	Wait time.Duration

	Clock  func() time.Time
	Logger *slog.Logger
	Tell   func(string)
}

// ErrInSource says that the shop's own database has them: its changes would bring them
// back.
var ErrInSource = errors.New("they are in the shop's own database")

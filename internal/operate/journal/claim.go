package journal

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/materialize"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Claim is a job that runs: while it is held no other run may begin one that
// conflicts with it.
type Claim struct {
	ID    string // of the lease
	lease *materialize.Lease
}

// ClaimOptions say what is claimed.
type ClaimOptions struct {
	Job string
	// Conflicts says why a job that is running forbids this one; "" if it does
	// not.
	Conflicts func(running Entry) string
	// Begin gives the job's row once nothing is in the way.
	Begin  func(lease string) Entry
	Dir    string // for the lease's lock file
	Logger *slog.Logger
}

// ConflictError says that another run is at work.
type ConflictError struct{ Why string }

func (e *ConflictError) Error() string { return e.Why }

// shortly is how long to wait for others that are looking, too.
const shortly = 30 * time.Second

// Claim takes the job, or says that another run is at it. The context that it
// returns ends when the claim is lost.
func (j *Journal) Claim(ctx context.Context, o ClaimOptions) (context.Context, *Claim, error) {
	names := materialize.NewNames(newRun())
	leased, lease, err := materialize.Take(ctx, materialize.LeaseOptions{
		Warehouse: j.Warehouse, Names: names, Cluster: j.Cluster, Schemas: []string{j.Database}, Dir: o.Dir, Logger: o.Logger,
	})
	if err != nil {
		return nil, nil, err
	}
	if err := j.begin(leased, names, o); err != nil {
		lease.Release(ctx)
		return nil, nil, err
	}
	return leased, &Claim{ID: names.Run(), lease: lease}, nil
}

// begin looks at who is at work and writes this run down, with nobody else
// looking meanwhile.
func (j *Journal) begin(ctx context.Context, names *materialize.Names, o ClaimOptions) error {
	door := project.Relation{Schema: j.Database, Identifier: Table + " " + o.Job}
	on := ""
	if j.Cluster != "" {
		on = " ON CLUSTER " + warehouse.Ident(j.Cluster)
	}
	hold, err := materialize.HoldOptions{
		Warehouse: j.Warehouse, Names: names, Cluster: j.Cluster, Target: door, Timeout: shortly,
		Create: []materialize.Step{{Role: materialize.Main, SQL: "CREATE TABLE " + materialize.Quote(names.Ticket(door)) + on + " (open UInt8) ENGINE = Memory"}},
	}.Take(ctx)
	if err != nil {
		return err
	}
	defer hold.Release(ctx)
	running, err := j.Running(ctx, o.Job)
	if err != nil {
		return err
	}
	for _, r := range running {
		why := o.Conflicts(r)
		if why == "" {
			continue
		}
		gone, err := materialize.HasEnded(ctx, j.Warehouse, j.Cluster, j.Database, r.Lease)
		if err != nil {
			return err
		}
		if !gone {
			return &ConflictError{Why: why}
		}
	}
	return j.Add(ctx, o.Begin(names.Run()))
}

// Release gives the claim back.
func (c *Claim) Release(ctx context.Context) { c.lease.Release(ctx) }

// newRun draws the id of a run.
func newRun() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// Describe says when a run began, for messages.
func (e Entry) Describe() string {
	return fmt.Sprintf("run %s, begun %s", e.Lease, e.At.UTC().Format("2006-01-02 15:04:05 MST"))
}

package materialize

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync/atomic"

	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/project"
)

// Everything temporary begins with this, so that one look at a database finds
// all of it, whoever made it.
const temporaryPrefix = "_tiendi_"

// Names gives out the names of one run's temporary relations. They do not
// hold the name of the table they serve, which may fill the server's limit.
type Names struct {
	run  string
	next atomic.Int64
}

// NewNames makes names that carry the run's id: 12 hex digits.
func NewNames(run string) *Names { return &Names{run: run} }

// Run is the id that the names carry.
func (n *Names) Run() string { return n.run }

// Temporary gives a fresh name beside a relation.
func (n *Names) Temporary(beside project.Relation) project.Relation {
	return project.Relation{
		Schema:     beside.Schema,
		Identifier: fmt.Sprintf("%stmp_%s_%d", temporaryPrefix, n.run, n.next.Add(1)),
	}
}

// Ticket is the name by which the run holds a relation against other runs.
func (n *Names) Ticket(of project.Relation) project.Relation {
	return project.Relation{Schema: of.Schema, Identifier: ticketPrefix(of) + n.run}
}

// ticketPrefix is shared by all runs that want the relation.
func ticketPrefix(of project.Relation) string {
	sum := sha256.Sum256([]byte(of.Identifier))
	return temporaryPrefix + "hold_" + hex.EncodeToString(sum[:8]) + "_"
}

// Lease is the name of the relation that shows the run to be alive.
func (n *Names) Lease(schema string) project.Relation {
	return project.Relation{Schema: schema, Identifier: temporaryPrefix + "run_" + n.run}
}

var temporaryName = lazyregexp.New(`^_tiendi_(run|hold|tmp)_(?:[0-9a-f]{16}_)?([0-9a-f]{12})(?:_\d+)?$`)

// owner reads kind (run, hold, tmp) and run id from a temporary name.
func owner(identifier string) (kind, run string, ok bool) {
	m := temporaryName().FindStringSubmatch(identifier)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

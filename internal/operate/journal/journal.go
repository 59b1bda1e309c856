package journal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Table is the journal's name, in the target's database.
const Table = "tiendi_jobs"

// State is how far a step is.
type State string

// The states of steps and of whole jobs.
const (
	Pending State = "pending" // not begun, or begun and not finished; never written
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
)

// Warehouse is where the journal is kept.
type Warehouse interface {
	Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error)
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
}

// Entry is a row: what became of a step, or of the whole job where Step is "".
type Entry struct {
	Job   string // backfill or etl
	Scope string // what the job is about: its range or date, and all that changes its steps
	Run   string // the run that began it; a run that goes on keeps it
	Lease string // the run that is at work, 12 hex digits
	Step  string // a unique id of a node or a step's name
	// From and To are the step's slice, half open; zero for none.
	From, To    time.Time
	State       State
	Fingerprint string // of what the step is made of; it is done only for the same
	Message     string // of the job: its models as JSON; of a step: the error
	At          time.Time
}

// Journal reads and writes the table. Without the table it reads as empty.
type Journal struct {
	Warehouse Warehouse
	Database  string
	Cluster   string
}

func (j *Journal) name() string {
	return warehouse.Ident(j.Database) + "." + warehouse.Ident(Table)
}

// all is what is read. On a cluster each row is on the host that it was written through,
// and all hosts are asked: whoever reads may be connected to another.
func (j *Journal) all() string {
	if j.Cluster == "" {
		return j.name()
	}
	return fmt.Sprintf("clusterAllReplicas(%s, %s, %s)", warehouse.Literal(j.Cluster), warehouse.Literal(j.Database), warehouse.Literal(Table))
}

// Open makes the table where it is missing.
func (j *Journal) Open(ctx context.Context) error {
	on := ""
	if j.Cluster != "" {
		on = " ON CLUSTER " + warehouse.Ident(j.Cluster)
	}
	_, err := j.Warehouse.Exec(ctx, "CREATE TABLE IF NOT EXISTS "+j.name()+on+` (
	job LowCardinality(String), scope String, run_id String, lease String, step String,
	slice_from DateTime64(3, 'UTC'), slice_to DateTime64(3, 'UTC'),
	state LowCardinality(String), fingerprint String, message String,
	at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
) ENGINE = MergeTree ORDER BY (job, scope, run_id, step, slice_from) TTL toDateTime(at) + toIntervalDay(400)`)
	if err != nil {
		return fmt.Errorf("make the journal %s: %w", j.name(), err)
	}
	return nil
}

// maxBlock bounds the rows of one statement.
const maxBlock = 1000

// Add writes entries; At is the server's time. Up to a thousand at once are
// written wholly or not at all.
func (j *Journal) Add(ctx context.Context, entries ...Entry) error {
	for len(entries) > 0 {
		n := min(maxBlock, len(entries))
		sql := "INSERT INTO " + j.name() + " (job, scope, run_id, lease, step, slice_from, slice_to, state, fingerprint, message) " + rowsOf(entries[:n])
		if _, err := j.Warehouse.Exec(ctx, sql); err != nil {
			return fmt.Errorf("write to the journal %s: %w", j.name(), err)
		}
		entries = entries[n:]
	}
	return nil
}

// rowsOf is a query that gives entries. What differs among them stands in arrays, which the
// server reads as one literal each; a list of rows takes it a millisecond a row.
func rowsOf(entries []Entry) string {
	var columns, arrays []string
	for i, of := range []func(e Entry) string{
		func(e Entry) string { return warehouse.Literal(e.Job) }, func(e Entry) string { return warehouse.Literal(e.Scope) },
		func(e Entry) string { return warehouse.Literal(e.Run) }, func(e Entry) string { return warehouse.Literal(e.Lease) },
		func(e Entry) string { return warehouse.Literal(e.Step) }, func(e Entry) string { return moment(e.From) },
		func(e Entry) string { return moment(e.To) }, func(e Entry) string { return warehouse.Literal(string(e.State)) },
		func(e Entry) string { return warehouse.Literal(e.Fingerprint) }, func(e Entry) string { return warehouse.Literal(e.Message) },
	} {
		texts := make([]string, len(entries))
		for k, e := range entries {
			texts[k] = of(e)
		}
		if !slices.ContainsFunc(texts, func(text string) bool { return text != texts[0] }) {
			columns = append(columns, texts[0])
			continue
		}
		columns = append(columns, fmt.Sprintf("c%d[n]", i))
		arrays = append(arrays, fmt.Sprintf("[%s] AS c%d, ", strings.Join(texts, ", "), i))
	}
	return fmt.Sprintf("SELECT %s FROM (SELECT %sarrayJoin(range(1, %d)) AS n)", strings.Join(columns, ", "), strings.Join(arrays, ""), len(entries)+1)
}

// moment writes a time; the zero one as the epoch.
func moment(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return "'" + t.UTC().Format("2006-01-02 15:04:05.000") + "'"
}

// Newest gives the job row of the newest run of a scope, nil where there is
// none.
func (j *Journal) Newest(ctx context.Context, job, scope string) (*Entry, error) {
	found, err := j.read(ctx, fmt.Sprintf("job = %s AND scope = %s AND step = '' ORDER BY at DESC LIMIT 1", warehouse.Literal(job), warehouse.Literal(scope)))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// Steps gives the newest row of each step of a run.
func (j *Journal) Steps(ctx context.Context, job, scope, run string) ([]Entry, error) {
	return j.read(ctx, fmt.Sprintf("job = %s AND scope = %s AND run_id = %s AND step != '' ORDER BY at DESC LIMIT 1 BY step, slice_from, slice_to",
		warehouse.Literal(job), warehouse.Literal(scope), warehouse.Literal(run)))
}

// Running gives the job rows of a job that say nothing but that it runs.
func (j *Journal) Running(ctx context.Context, job string) ([]Entry, error) {
	all, err := j.read(ctx, fmt.Sprintf("job = %s AND step = '' AND at > now64(6) - toIntervalDay(60) ORDER BY at DESC LIMIT 1 BY scope, run_id, lease", warehouse.Literal(job)))
	var out []Entry
	for _, e := range all {
		if e.State == Running {
			out = append(out, e)
		}
	}
	return out, err
}

func (j *Journal) read(ctx context.Context, where string) ([]Entry, error) {
	rows, err := j.Warehouse.Query(ctx, "SELECT job, scope, run_id, lease, step, slice_from, slice_to, state, fingerprint, message, at FROM "+j.all()+" WHERE "+where)
	if warehouse.IsCode(err, warehouse.CodeUnknownTable) {
		return nil, nil // no job has run yet
	}
	if err != nil {
		return nil, fmt.Errorf("read the journal %s: %w", j.name(), err)
	}
	defer func() { _ = rows.Close() }()
	var out []Entry
	for rows.Next() {
		var e Entry
		var state string
		if err := rows.Scan(&e.Job, &e.Scope, &e.Run, &e.Lease, &e.Step, &e.From, &e.To, &state, &e.Fingerprint, &e.Message, &e.At); err != nil {
			return nil, fmt.Errorf("read the journal %s: %w", j.name(), err)
		}
		e.State = State(state)
		if e.To.Unix() == 0 && e.From.Unix() == 0 {
			e.From, e.To = time.Time{}, time.Time{}
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// Scope gives the newest row of each step, of all runs of a scope since the
// last that began anew (see Restart).
func (j *Journal) Scope(ctx context.Context, job, scope string) ([]Entry, error) {
	return j.read(ctx, fmt.Sprintf("job = %[1]s AND scope = %[2]s AND step NOT IN ('', %[3]s) AND at > (SELECT maxIf(at, step = %[3]s) FROM %[4]s WHERE job = %[1]s AND scope = %[2]s) ORDER BY at DESC LIMIT 1 BY step",
		warehouse.Literal(job), warehouse.Literal(scope), warehouse.Literal(restart), j.all()))
}

const restart = "(restart)"

// Restart makes Scope forget what came before.
func (j *Journal) Restart(ctx context.Context, e Entry) error {
	e.Step = restart
	return j.Add(ctx, e)
}

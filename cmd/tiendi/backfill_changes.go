package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/archive"
	changes "github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/operate/backfill"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/stream/sink/clickhouse"
)

// takesChanges says whether a model is a raw table of database changes: it names the
// columns of their order, itself or through the macro that does.
func takesChanges(n *project.Node) bool {
	if n.Kind != project.Model {
		return false
	}
	return n.Name == clickhouse.RejectsTable ||
		strings.HasSuffix(n.Name, "_raw") && (strings.Contains(n.Raw, "change_columns()") || strings.Contains(n.Raw, "_deleted"))
}

// wireChanges adds the archive's database changes to a backfill of raw tables that take
// them.
func (s *session) wireChanges(b *backfill.Options, kept *archive.Archive, selected []*project.Node) {
	c := &archivedChanges{session: s, archive: kept, tables: map[string]bool{}}
	for _, n := range s.manifest.Nodes {
		if takesChanges(n) {
			c.tables[n.Name] = slices.Contains(selected, n)
		}
	}
	for _, n := range selected {
		if takesChanges(n) {
			b.ChangeTables = append(b.ChangeTables, n)
		}
	}
	if len(b.ChangeTables) > 0 {
		b.Changes = c
	}
}

// archivedChanges brings the archive's database changes into the raw tables.
type archivedChanges struct {
	session *session
	archive *archive.Archive
	tables  map[string]bool // whether a raw table is wanted
	files   []archive.File  // in the order of their hours, and of the log
}

var _ backfill.Changes = (*archivedChanges)(nil)

// wanted says so of the table of some changes. Those that have no raw model are set aside.
func (c *archivedChanges) wanted(table string) bool {
	if wanted, is := c.tables[table]; is {
		return wanted
	}
	return c.tables[clickhouse.RejectsTable]
}

// Hours implements backfill.Changes.
func (c *archivedChanges) Hours(ctx context.Context) (hours []time.Time, note string, err error) {
	files, err := c.archive.Files(ctx, changes.Topic, time.Time{}, time.Time{})
	if err != nil {
		return nil, "", archiveError(err)
	}
	c.files = files
	slices.SortStableFunc(c.files, func(f, g archive.File) int { return f.Hour.Compare(g.Hour) })
	for _, f := range c.files {
		if len(hours) == 0 || !f.Hour.Equal(hours[len(hours)-1]) {
			hours = append(hours, f.Hour)
		}
	}
	return hours, beginning(files), nil
}

// beginning is a note where files do not go back to the beginning of their log: the
// archive has been trimmed, or began when the log had been.
func beginning(files []archive.File) string {
	type log struct {
		partition int
		id        string
	}
	first := map[log]archive.File{}
	for _, f := range files {
		of := log{f.Partition, f.Log}
		if known, ok := first[of]; !ok || f.From < known.From {
			first[of] = f
		}
	}
	var cut time.Time // the latest hour in which one begins
	for _, f := range first {
		if f.From > 1 && f.Hour.After(cut) { // the first offset of a log is 0 or 1
			cut = f.Hour
		}
	}
	if cut.IsZero() {
		return ""
	}
	return fmt.Sprintf("the archive's database changes go back to %s only, and not to the beginning of the log: rows that have not changed since,"+
		" and are in no snapshot since, are missing; tiendi cdc --snapshot brings them", cut.Format("2006-01-02 15:04 MST"))
}

// Refill implements backfill.Changes.
func (c *archivedChanges) Refill(ctx context.Context, hours []time.Time, done func([]time.Time) error) (err error) {
	raw := &rawLayer{session: c.session}
	sink, err := raw.changeSink(ctx)
	if err != nil {
		return err
	}
	refill, err := sink.Refill(ctx, c.session.options.InvocationID, c.wanted)
	if err != nil {
		return err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		err = errors.Join(err, refill.Close(closing))
	}()
	var held []time.Time
	for i, hour := range hours {
		if err := c.take(ctx, refill, hour); err != nil {
			return err
		}
		held = append(held, hour)
		if refill.Rows() < clickhouse.RefillRows && i+1 < len(hours) {
			continue
		}
		if err := refill.Commit(ctx); err != nil {
			return err
		}
		if err := done(held); err != nil {
			return err
		}
		held = nil
	}
	c.warn(refill)
	return nil
}

func (c *archivedChanges) warn(refill *clickhouse.Refill) {
	aside, refused := refill.Aside()
	if aside == 0 {
		return
	}
	text := fmt.Sprintf("%s of the archive are set aside in %s, which says why", howMany(aside, "database change"), clickhouse.RejectsTable)
	if refused != nil {
		text += "\n" + refused.Error()
	}
	c.session.app.warn(text)
}

// filesAtOnce is how many files are read at the same time; each is held whole.
const filesAtOnce = 2

// take reads the files of an hour.
func (c *archivedChanges) take(ctx context.Context, refill *clickhouse.Refill, hour time.Time) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(filesAtOnce)
	from, _ := slices.BinarySearchFunc(c.files, hour, func(f archive.File, t time.Time) int { return f.Hour.Compare(t) })
	for _, f := range c.files[from:] {
		if !f.Hour.Equal(hour) {
			break
		}
		group.Go(func() error { return c.takeFile(ctx, refill, f) })
	}
	return group.Wait()
}

// changesAtOnce is how many changes of a file are made into a block.
const changesAtOnce = 50_000

func (c *archivedChanges) takeFile(ctx context.Context, refill *clickhouse.Refill, f archive.File) error {
	var reader archive.Changes
	var held []changes.Change
	read := 0
	token := fmt.Sprintf("%s/%d@%d-%d", f.Log, f.Partition, f.From, f.To)
	put := func() error {
		err := refill.Take(ctx, token, read-len(held), held)
		clear(held)
		held = held[:0]
		return err
	}
	_, err := c.archive.Read(ctx, f, func(line []byte) error {
		one, err := reader.Read(line)
		if err != nil {
			return fmt.Errorf("%s, line %d: %w", f.Name(), read+1, err)
		}
		held = append(held, one)
		if read++; len(held) < changesAtOnce {
			return nil
		}
		return put()
	})
	if err != nil {
		return archiveError(err)
	}
	return put()
}

package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/event/enrich"
)

// catch is what a worker would have sent: rows by their position, and rejects.
type catch struct {
	rows    map[uint64][]any
	rejects []Reject
	largest int // block in bytes
}

// catching is a worker that keeps what it is given.
func catching(t testing.TB, table *Table) (*worker, *catch) {
	t.Helper()
	with, err := enrich.New(enrich.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &catch{rows: map[uint64][]any{}}
	w := &worker{
		parser: &jsonParser{members: jsonMembers(table)},
		row:    newRow(table), block: newBlock(table), limits: limits{column: -1},
		fits: func() {},
		send: func(_ context.Context, b *block) error { c.add(b); return nil },
		reject: func(_ context.Context, rejects []Reject) error {
			c.rejects = append(c.rejects, rejects...)
			return nil
		},
	}
	if table.events {
		w.events = newEventRules(table, event.Type.Known, with)
	}
	if table.Expires != "" {
		w.limits = limits{column: table.index(table.Expires), oldest: 0, newest: time.Now().UnixMilli()}
	}
	return w, c
}

func (c *catch) add(b *block) {
	c.largest = max(c.largest, b.bytes)
	positions := b.position.values(b.rows).([]uint64)
	for _, column := range b.columns {
		values := reflect.ValueOf(column.values(b.rows))
		for i, at := range positions {
			v := values.Index(i)
			if v.Kind() == reflect.Pointer && !v.IsNil() {
				v = v.Elem()
			}
			c.rows[at] = append(c.rows[at], fmt.Sprint(v))
		}
	}
}

// told lists rejects without what formats say in their own way: where in a row
// its text is no text.
func (c *catch) told() (lines []string) {
	slices.SortFunc(c.rejects, func(a, b Reject) int { return cmp.Compare(a.Line, b.Line) })
	for _, r := range c.rejects {
		pointer := strings.ReplaceAll(strings.TrimPrefix(r.Pointer, "/"), "/", ".")
		if r.Reason == reasonUTF8 || r.Reason == reasonJSON {
			pointer = ""
		}
		lines = append(lines, fmt.Sprint(r.Line, " ", r.Reason, " ", pointer))
	}
	return lines
}

// loadParquet lets workers share the file, as a load does.
func loadParquet(t testing.TB, path string, table *Table, workers int) (*catch, error) {
	t.Helper()
	src, err := openSource(path, "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	p, err := openParquet(src)
	if err == nil {
		err = p.bind(table)
	}
	if err != nil {
		return nil, err
	}
	cursor := &parquetCursor{file: p, number: 1}
	whole := &catch{rows: map[uint64][]any{}}
	caught, failed := make(chan *catch, workers), make(chan error, workers)
	for range workers {
		w, c := catching(t, table)
		go func() {
			failed <- drainCursor(w, cursor, table)
			caught <- c
		}()
	}
	for range workers {
		err = errors.Join(err, <-failed)
		c := <-caught
		maps.Copy(whole.rows, c.rows)
		whole.rejects = append(whole.rejects, c.rejects...)
		whole.largest = max(whole.largest, c.largest)
	}
	return whole, err
}

func drainCursor(w *worker, cursor *parquetCursor, table *Table) error {
	b := newParquetBatch(cursor.file, table)
	defer b.release()
	for {
		err := cursor.next(b)
		if errors.Is(err, io.EOF) {
			return w.finish(context.Background())
		}
		if err != nil {
			return err
		}
		if err := w.parquet(context.Background(), cursor.file, b); err != nil {
			return err
		}
	}
}

func loadJSON(t testing.TB, lines string, table *Table) *catch {
	t.Helper()
	w, c := catching(t, table)
	if err := w.chunk(context.Background(), chunk{data: []byte(lines), line: 1}); err != nil {
		t.Fatal(err)
	}
	if err := w.finish(context.Background()); err != nil {
		t.Fatal(err)
	}
	return c
}

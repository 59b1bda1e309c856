package cdc

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pglogrepl"
	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/change"
)

// A value that is stored apart from its row (TOAST) and that an update does not touch is
// not in PostgreSQL's log, unless the table has REPLICA IDENTITY FULL. It is read from
// the table then, by the row's key. That gives the value of now, not of then:
//   - a newer value was written by a later change, which is in the log with that value
//     and a higher version, so it comes too early and stays;
//   - a row that is gone was deleted, truncated or got another key by a later change, so
//     its update is left out, and the end is the same;
//   - a row whose transaction is in the log and not yet visible would give the value of
//     before, for good: so its end is waited for first.

const (
	// maxQueue bounds changes, and maxQueueBytes their bytes, that wait for one question.
	maxQueue      = 1000
	maxQueueBytes = 4 << 20
	// lookupTimeout bounds the question.
	lookupTimeout = time.Minute
)

// queued is a change that waits for values, or behind one that does.
type queued struct {
	change change.Change
	absent []int
	before pglogrepl.LSN // end of the transaction before its own
	xid    uint32
}

// queue are changes in order.
type queue struct {
	changes []queued
	bytes   int
}

func (q *queue) add(c *change.Change, absent []int, before pglogrepl.LSN, xid uint32) {
	one := queued{change: *c, absent: slices.Clone(absent), before: before, xid: xid}
	one.change.Row = make([][]byte, len(c.Row))
	for i, value := range c.Row {
		one.change.Row[i] = bytes.Clone(value) // nil stays nil, and empty stays empty
		q.bytes += len(value)
	}
	q.changes = append(q.changes, one)
}

func (q *queue) full() bool { return len(q.changes) >= maxQueue || q.bytes >= maxQueueBytes }

// question asks for the same columns of several rows of one table.
type question struct {
	table   *table
	columns []string // the key's, in the relation's order, and those that are wanted
	keys    int      // how many of them are the key's
	rows    map[string][]*queued
}

// resolve gives the changes the values that they wait for; gone ones have none. It calls
// meanwhile while it waits for transactions.
func (q *queue) resolve(ctx context.Context, conn *pgx.Conn, tables []*table, meanwhile func() error) (gone map[*queued]bool, err error) {
	xids := map[uint32]bool{}
	questions := map[string]*question{}
	gone = map[*queued]bool{}
	for i := range q.changes {
		one := &q.changes[i]
		if len(one.absent) == 0 {
			continue
		}
		xids[one.xid], gone[one] = true, true
		id, key := one.identify()
		if questions[id] == nil {
			questions[id] = one.ask(tables)
		}
		questions[id].rows[key] = append(questions[id].rows[key], one)
	}
	if err := visible(ctx, conn, xids, meanwhile); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	for _, one := range questions {
		if err := one.answer(ctx, conn, gone); err != nil {
			return nil, err
		}
	}
	return gone, nil
}

// identify says which question a change belongs to, and as which row.
func (one *queued) identify() (question, row string) {
	return fmt.Sprintf("%p %v", one.change.Relation, one.absent), joinKey(keyOf(one.change.Relation.Columns, one.change.Row, nil))
}

// joinKey makes one text of a key: a text of PostgreSQL's has no zero byte.
func joinKey(values [][]byte) string { return string(bytes.Join(values, []byte{0})) }

func (one *queued) ask(tables []*table) *question {
	relation := one.change.Relation
	i := slices.IndexFunc(tables, func(t *table) bool { return t.Schema == relation.Schema && t.Name == relation.Name })
	a := &question{table: tables[i], rows: map[string][]*queued{}}
	for _, c := range relation.Columns {
		if c.Key {
			a.columns = append(a.columns, c.Name)
		}
	}
	a.keys = len(a.columns)
	for _, place := range one.absent {
		a.columns = append(a.columns, relation.Columns[place].Name)
	}
	return a
}

// sql asks for the rows by their keys. It is a COPY, so that values are written as in
// the log.
func (a *question) sql() string {
	var names, tuples []string
	for _, c := range a.columns {
		names = append(names, quoteName(c))
	}
	for key := range a.rows {
		var values []string
		for i, text := range strings.Split(key, "\x00") {
			values = append(values, a.table.literal(a.columns[i], text))
		}
		tuples = append(tuples, "("+strings.Join(values, ", ")+")")
	}
	return fmt.Sprintf("COPY (SELECT %s FROM %s WHERE (%s) IN (%s)) TO STDOUT",
		strings.Join(names, ", "), a.table.from(), strings.Join(names[:a.keys], ", "), strings.Join(tuples, ", "))
}

func (a *question) answer(ctx context.Context, conn *pgx.Conn, gone map[*queued]bool) error {
	var fields [][]byte
	take := func(line []byte) (err error) {
		if fields, err = splitLine(line, fields[:0]); err != nil {
			return err
		}
		if len(fields) != len(a.columns) {
			return fmt.Errorf("%w: it has %d values, and %d were asked for", errCopy, len(fields), len(a.columns))
		}
		for _, one := range a.rows[joinKey(fields[:a.keys])] {
			for i, place := range one.absent {
				one.change.Row[place] = bytes.Clone(fields[a.keys+i])
			}
			delete(gone, one)
		}
		return nil
	}
	_, err := conn.PgConn().CopyTo(ctx, &lines{each: take}, a.sql())
	if code(err) == "42703" {
		return fmt.Errorf("the log leaves out values of %s that did not change, and their column is gone now: %w\n  begin anew: tiendi cdc --snapshot", a.table.TableName, err)
	}
	return err
}

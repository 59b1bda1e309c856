package clickhouse

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// truncation is a truncate of a raw table, as a partition of the log has it.
type truncation struct {
	table    string
	key      []string
	version  change.Version
	batch    string
	position uint64
}

func (sh *shape) truncation(c *change.Change, batch string, position uint64) truncation {
	return truncation{table: sh.rows.table, key: keyOf(sh.relation), version: c.Version, batch: batch, position: position}
}

// truncationsAtOnce is how many of a table one statement performs: its work grows with
// them.
const truncationsAtOnce = 64

// truncate deletes what truncates took away: a key whose last version below that of the
// truncate is no deletion gets one, of the truncate's version. It comes after the rows,
// also those that follow it in the log, since these have higher versions.
//
// A truncate stands in every partition, and each covers the keys of which the partition
// has written a row. So partitions need not wait for each other, done again it finds
// nothing, and which deletions there are follows from the log alone. Keys that no
// partition of the topic has written, those of a file or of a log that had more of them,
// are covered by all.
func (s *Changes) truncate(ctx context.Context, all []truncation) error {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b truncation) int {
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(origin(a.batch), origin(b.batch)), a.version.Int().Cmp(b.version.Int()))
	})
	for len(all) > 0 {
		n := 1
		for n < min(len(all), truncationsAtOnce) && all[n].table == all[0].table && origin(all[n].batch) == origin(all[0].batch) {
			n++
		}
		// Keys are read in the table's order: no more than one is in memory.
		_, err := s.o.Warehouse.Exec(ctx, s.truncateSQL(all[:n]), warehouse.WithSettings(map[string]any{
			"optimize_aggregation_in_order": 1, "insert_deduplicate": 0, "async_insert": 0,
		}))
		if err != nil {
			return fmt.Errorf("truncate %s at version %v: %w", all[0].table, all[0].version.Int(), err)
		}
		all = all[n:]
	}
	return nil
}

// truncateSQL performs truncates of one table and partition. Each looks at the versions
// from the one before it on: what is below was taken away by that one.
func (s *Changes) truncateSQL(all []truncation) string {
	var names []string
	for _, name := range all[0].key {
		names = append(names, warehouse.Ident(name))
	}
	least := versionSQL(change.Version{})
	var points []string
	for _, t := range all {
		version := versionSQL(t.version)
		points = append(points, fmt.Sprintf("(%s, %s, %s, toUInt64(%d))", least, version, warehouse.Literal(t.batch), t.position))
		least = version
	}
	const within = "_version >= at.1 AND _version < at.2"
	key, table := strings.Join(names, ", "), qualified(s.o.Database, all[0].table)
	return fmt.Sprintf("INSERT INTO %[1]s (%[2]s, _version, _deleted, _batch, _position) SELECT %[2]s, at.2, 1, at.3, at.4 FROM %[1]s"+
		" ARRAY JOIN [%[3]s] AS at GROUP BY %[2]s, at"+
		" HAVING countIf("+within+") > 0 AND argMaxIf(_deleted, _version, "+within+") = 0 AND countIf(_version = at.2) = 0%[4]s",
		table, key, strings.Join(points, ", "), s.coveredSQL(all[0].batch))
}

// coveredSQL is the condition of the keys that a partition's truncates cover.
func (s *Changes) coveredSQL(batch string) string {
	own := origin(batch)
	if own == "" || s.o.Partitions == 0 {
		return ""
	}
	const partition = "toUInt32OrNull(extract(_batch, '" + batchOrigin + "'))"
	return fmt.Sprintf(" AND (countIf(%[1]s = %[2]s) > 0 OR countIf(%[1]s < %[3]d) = 0)", partition, own, s.o.Partitions)
}

// batchOrigin finds a batch's partition; both dialects of expressions know it.
const batchOrigin = `^` + changesPrefix + `[^@]+/([0-9]+)@`

var batchOriginPattern = lazyregexp.New(batchOrigin)

// origin is the partition that a batch is of, "" where it does not say.
func origin(batch string) string {
	if m := batchOriginPattern().FindStringSubmatch(batch); m != nil {
		return m[1]
	}
	return ""
}

func versionSQL(v change.Version) string { return "toUInt128('" + v.Int().String() + "')" }

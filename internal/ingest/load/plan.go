package load

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// bucketRows is how many keys a statement compares at once: their set takes
// about half a gigabyte of the server's memory.
const bucketRows = 8 << 20

// plan writes the statements that bring one file's rows into a raw table. It
// asks nobody anything.
type plan struct {
	database string
	table    *Table
	prefix   string // of the names of this file's own tables
}

func (p plan) name(table string) string {
	return warehouse.Ident(p.database) + "." + warehouse.Ident(table)
}

func (p plan) raw() string     { return p.name(p.table.Name) }
func (p plan) stage() string   { return p.name(p.prefix + "stage") }
func (p plan) fresh() string   { return p.name(p.prefix + "fresh") }
func (p plan) known() string   { return p.name(p.prefix + "known") }
func (p plan) rejects() string { return p.name(p.prefix + "rejects") }

// create makes an empty table with the columns, keys and partitions of another.
func (p plan) create(table, as string) string {
	return "CREATE TABLE " + table + " AS " + as
}

func (p plan) createKnown() string {
	return "CREATE TABLE " + p.known() + " (" + colPosition + " UInt64) ENGINE = MergeTree ORDER BY " + colPosition
}

// countKept counts the staged rows that none of the TTL's rules deletes.
func (p plan) countKept(t ttl) string {
	var conditions []string
	for _, r := range t.rules {
		conditions = append(conditions, "NOT ("+r.expired+")")
	}
	return "SELECT count() FROM " + p.stage() + " WHERE " + strings.Join(conditions, " AND ")
}

// drop lists the statements that remove the file's own tables.
func (p plan) drop() []string {
	var drops []string
	for _, table := range []string{p.stage(), p.fresh(), p.known(), p.rejects()} {
		drops = append(drops, "DROP TABLE IF EXISTS "+table+" SYNC")
	}
	return drops
}

func (p plan) insertStage() string {
	return "INSERT INTO " + p.stage() + " (" + idents(p.table.columnNames()) + ")"
}

// partitions asks for the partitions that the stage shares with the raw table.
func (p plan) partitions() string {
	parts := func(table string) string {
		return "SELECT partition_id FROM system.parts WHERE active AND rows > 0 AND database = " +
			warehouse.Literal(p.database) + " AND table = " + warehouse.Literal(table)
	}
	return "SELECT DISTINCT partition_id FROM (" + parts(p.table.Name) + ") WHERE partition_id IN (" + parts(p.prefix+"stage") + ") ORDER BY 1"
}

// content is the hash by which a row is known again: everything that its file
// said of it, but for what may have been derived. NULL is told from every value, since a hash of NULL is NULL.
func (p plan) content() string {
	var columns []string
	for _, c := range p.table.Columns {
		if c.Derived {
			continue
		}
		name := warehouse.Ident(c.Name)
		if c.Nullable {
			name = "ifNull(toString(" + name + "), '')"
		}
		columns = append(columns, name)
	}
	return "sipHash128(" + strings.Join(columns, ", ") + ")"
}

// findKnown stores the positions of staged rows that the raw table has already.
// The n-th row of some content is known if the raw table has n such rows. The
// last row of a key and version is new all the same where the raw table's last
// one differs: the file says that it holds again. Only keys of one bucket are
// looked at, so that memory stays bounded.
func (p plan) findKnown(partitions []string, bucket, buckets int) string {
	key := tuple(p.table.Key)
	inStage, inRaw := "1", "_partition_id IN ("+literals(partitions)+")"
	if buckets > 1 {
		inStage = fmt.Sprintf("cityHash64(%s) %% %d = %d", key, buckets, bucket)
	}
	same := "SELECT content, count() AS copies FROM (SELECT " + p.content() + " AS content FROM " + p.raw() +
		" WHERE " + inRaw + " AND " + key + " IN (SELECT " + key + " FROM " + p.stage() + " WHERE " + inStage + ")) GROUP BY content"
	staged := "SELECT " + colPosition + ", " + p.content() + " AS content, row_number() OVER (PARTITION BY content ORDER BY " + colPosition + ") AS copy" +
		p.lastOfVersion() + " FROM " + p.stage() + " WHERE " + inStage
	find := "INSERT INTO " + p.known() + " SELECT " + colPosition + " FROM (" + staged + ") AS staged INNER JOIN (" + same + ") AS same USING content"
	if !p.table.State {
		return find + " WHERE copy <= copies"
	}
	newest := "SELECT " + p.version() + " AS version, argMax(" + p.content() + ", (" + colIngested + ", " + colPosition + ")) AS newest FROM " + p.raw() +
		" WHERE " + inRaw + " AND " + key + " IN (SELECT " + key + " FROM " + p.stage() + " WHERE " + inStage + ") GROUP BY version"
	return find + " LEFT JOIN (" + newest + ") AS newest USING version WHERE copy <= copies AND NOT (is_last AND content != newest)"
}

// version is what rows of a state table compete within: only arrival decides
// between rows that have it in common.
func (p plan) version() string {
	return tuple(append(p.table.Key[:len(p.table.Key):len(p.table.Key)], "updated_at"))
}

func (p plan) lastOfVersion() string {
	if !p.table.State {
		return ""
	}
	return ", " + p.version() + " AS version, row_number() OVER (PARTITION BY version ORDER BY " + colPosition + " DESC) = 1 AS is_last"
}

// copyNew fills the fresh table with staged rows whose position lies in [from,
// to) and is not known.
func (p plan) copyNew(from, to uint64) string {
	return "INSERT INTO " + p.fresh() + " SELECT * FROM " + p.stage() + p.unknown(from, to)
}

func (p plan) unknown(from, to uint64) string {
	in := fmt.Sprintf("%[1]s >= %[2]d AND %[1]s < %[3]d", colPosition, from, to)
	return " WHERE " + in + " AND " + colPosition + " NOT IN (SELECT " + colPosition + " FROM " + p.known() + " WHERE " + in + ")"
}

// stamp gives all rows one time of arrival, that of the commit: whoever reads
// the raw table from the last arrival on must not miss rows that were staged
// long before they appear.
func (p plan) stamp(table string, micros int64) string {
	return "ALTER TABLE " + table + " UPDATE " + colIngested + " = " + microTime(micros) + " WHERE 1"
}

// attach makes all parts of table visible in the raw table at once.
func (p plan) attach(table string) string {
	return "ALTER TABLE " + p.raw() + " ATTACH PARTITION ALL FROM " + table
}

// insert copies rows instead, so that materialized views on the raw table see
// them; attached parts pass views by.
func (p plan) insert(table string, micros int64) string {
	names := append(p.table.columnNames(), colIngested)
	return "INSERT INTO " + p.raw() + " (" + idents(names) + ") SELECT " + idents(p.table.columnNames()) + ", " + microTime(micros) + " FROM " + table
}

// views asks for the materialized views that read the raw table.
func (p plan) views() string {
	return "SELECT length(dependencies_table) FROM system.tables WHERE database = " + warehouse.Literal(p.database) +
		" AND name = " + warehouse.Literal(p.table.Name)
}

// keepRejects moves rejects to their table, without those of a row that a load
// that did not end brought before.
func (p plan) keepRejects() string {
	const same = "(table_name, file, line, reason, pointer, raw)"
	rejects := p.name(RejectsTable)
	return "INSERT INTO " + rejects + " SELECT * FROM " + p.rejects() + " WHERE " + same + " NOT IN (SELECT " + same + " FROM " + rejects +
		" WHERE file IN (SELECT file FROM " + p.rejects() + "))"
}

func microTime(micros int64) string {
	return fmt.Sprintf("fromUnixTimestamp64Micro(%d, 'UTC')", micros)
}

func tuple(columns []string) string {
	if len(columns) == 1 {
		return warehouse.Ident(columns[0])
	}
	return "(" + idents(columns) + ")"
}

func idents(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = warehouse.Ident(n)
	}
	return strings.Join(quoted, ", ")
}

func literals(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = warehouse.Literal(v)
	}
	return strings.Join(quoted, ", ")
}

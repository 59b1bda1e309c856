package cdc

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

const (
	// maxChunks bounds what a checkpoint holds of a table.
	maxChunks = 1000
	// sampled are keys looked at for each chunk: its size is off by a fifth, mostly.
	sampled = 50
)

// literal is a key's value as SQL has it, in its column's type.
func (t *table) literal(column, text string) string {
	return quoteText(text) + "::" + t.types[column]
}

// row is the key, or values for it, as SQL has them.
func (t *table) row(values []string) string {
	var parts []string
	for i, column := range t.key {
		if values == nil {
			parts = append(parts, quoteName(column))
		} else {
			parts = append(parts, t.literal(column, values[i]))
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// selectSQL gives a chunk's rows, with these columns.
func (t *table) selectSQL(columns []string, c chunk) string {
	var names, conditions []string
	for _, column := range columns {
		names = append(names, quoteName(column))
	}
	if c.From != nil {
		conditions = append(conditions, t.row(nil)+" >= "+t.row(c.From))
	}
	if c.To != nil {
		conditions = append(conditions, t.row(nil)+" < "+t.row(c.To))
	}
	sql := "SELECT " + strings.Join(names, ", ") + " FROM " + t.from()
	if len(conditions) > 0 {
		sql += " WHERE " + strings.Join(conditions, " AND ")
	}
	return sql
}

// sizeQuery is of a table with its partitions.
const sizeQuery = `SELECT coalesce(sum(pg_relation_size(relid)), 0)::int8 FROM
	(SELECT relid FROM pg_partition_tree($1::oid::regclass) UNION SELECT $1::oid::regclass) AS all_of_it`

// plan cuts a table into chunks of about so many bytes, by a sample of its keys.
func (t *table) plan(ctx context.Context, conn *pgx.Conn, chunkBytes int64) ([]chunk, error) {
	var size int64
	if err := conn.QueryRow(ctx, sizeQuery, t.oid).Scan(&size); err != nil {
		return nil, err
	}
	n := int(min(size/chunkBytes+1, maxChunks))
	if n == 1 {
		return []chunk{{}}, nil
	}
	bounds, err := t.bounds(ctx, conn, n, size)
	if err != nil {
		return nil, err
	}
	return chunksBetween(bounds), nil
}

// chunksBetween are those that n keys in ascending order part a table into: n+1.
func chunksBetween(bounds [][]string) []chunk {
	var chunks []chunk
	var from []string
	for _, to := range bounds {
		chunks = append(chunks, chunk{From: from, To: to})
		from = to
	}
	return append(chunks, chunk{From: from})
}

// bounds are up to n-1 keys that part the table into pieces of about one size.
func (t *table) bounds(ctx context.Context, conn *pgx.Conn, n int, size int64) ([][]string, error) {
	var keys, texts []string
	for _, column := range t.key {
		keys = append(keys, quoteName(column))
		// Not a cast: some types have one to text that their own text is not.
		texts = append(texts, "format('%s', "+quoteName(column)+")")
	}
	list := strings.Join(keys, ", ")
	// Pages are drawn whole; a few rows at least are in each.
	const page, rowsInPage = 8192, 5
	percent := min(100, 100*float64(n*sampled)/rowsInPage/float64(size/page+1))
	query := fmt.Sprintf(`SELECT ARRAY[%s] FROM (
			SELECT %s, row_number() OVER (ORDER BY %s) AS "tiendi number", count(*) OVER () AS "tiendi count"
			FROM %s TABLESAMPLE SYSTEM (%f) REPEATABLE (1)) AS sample
		WHERE "tiendi number" %% greatest(1, ("tiendi count" + %d) / %d) = 0 ORDER BY %s`,
		strings.Join(texts, ", "), list, list, t.from(), percent, n-1, n, list)
	rows, err := conn.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[[]string])
}

package warehouse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// rowPrefix ends with a line break so that positions of syntax errors keep their
// column, and their line is one too high.
const rowPrefix = "SELECT formatRow('JSONEachRow', *) FROM (\n"

// QueryJSON returns rows as the objects of ClickHouse's JSONEachRow, at most
// limit of them (0: all). 64-bit integers and decimals are JSON numbers unless
// settings say otherwise. SHOW, DESCRIBE, EXISTS and EXPLAIN work as well.
func (c *Client) QueryJSON(ctx context.Context, sql string, limit int, opts ...Option) ([]json.RawMessage, error) {
	sql = trimStatement(sql)
	if !isSelect(sql) {
		return c.queryValuesJSON(ctx, sql, limit, opts...)
	}
	wrapped := rowPrefix + sql + "\n)"
	if limit > 0 {
		wrapped += fmt.Sprintf(" LIMIT %d", limit)
	}
	rows, err := c.Query(ctx, wrapped, opts...)
	if err != nil {
		return nil, unwrapPosition(err)
	}
	defer func() { _ = rows.Close() }()
	var out []json.RawMessage
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		out = append(out, json.RawMessage(strings.TrimSuffix(line, "\n")))
	}
	return out, rows.Err()
}

// queryValuesJSON serves statements that cannot stand in a subquery. Their
// columns are strings, integers and arrays of those.
func (c *Client) queryValuesJSON(ctx context.Context, sql string, limit int, opts ...Option) ([]json.RawMessage, error) {
	rows, err := c.Query(ctx, sql, opts...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []json.RawMessage
	for (limit <= 0 || len(out) < limit) && rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return nil, err
		}
		object, err := jsonObject(rows.Columns(), values)
		if err != nil {
			return nil, err
		}
		out = append(out, object)
	}
	return out, rows.Err()
}

func jsonObject(columns []Column, values []any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, c := range columns {
		b.WriteByte("{,"[min(i, 1)])
		if err := enc.Encode(c.Name); err != nil {
			return nil, fmt.Errorf("column name %q as JSON: %w", c.Name, err)
		}
		b.Truncate(b.Len() - 1)
		b.WriteByte(':')
		if err := enc.Encode(values[i]); err != nil {
			return nil, fmt.Errorf("column %s (%s) as JSON: %w", c.Name, c.Type, err)
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// unwrapPosition takes back the line that rowPrefix added.
func unwrapPosition(err error) error {
	var e *Error
	if !errors.As(err, &e) || e.line < 2 {
		return err
	}
	before := fmt.Sprintf("(line %d, col %d)", e.line, e.col)
	moved := *e
	moved.line--
	after := fmt.Sprintf("(line %d, col %d)", moved.line, moved.col)
	moved.Message = strings.Replace(e.Message, before, after, 1)
	return &moved
}

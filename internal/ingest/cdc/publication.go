package cdc

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// minVersion is PostgreSQL 13's: before it slots say nothing of what they hold.
const minVersion = 130000

// filterVersion is PostgreSQL 15's, from which publications have filters and lists of
// columns.
const filterVersion = 150000

// serverVersion checks that the server can do what is wanted.
func serverVersion(ctx context.Context, conn *pgx.Conn) (int, error) {
	var version int
	var level string
	const query = "SELECT current_setting('server_version_num')::int, current_setting('wal_level')"
	if err := conn.QueryRow(ctx, query).Scan(&version, &level); err != nil {
		return 0, err
	}
	switch {
	case version < minVersion:
		return 0, fmt.Errorf("the source database is PostgreSQL %d, and 13 or later is needed", version/10000)
	case level != "logical":
		return 0, fmt.Errorf("wal_level of the source database is %s, and its log must be logical to be read\n"+
			"  ALTER SYSTEM SET wal_level = logical, and restart the server (on Azure: its server parameter; on Amazon RDS: rds.logical_replication = 1)", level)
	}
	return version, nil
}

// publicationSQL makes the publication. Changes of partitions are published as those of
// their table.
func publicationSQL(name string, tables []*table) string {
	var list []string
	for _, t := range tables {
		list = append(list, t.from())
	}
	return fmt.Sprintf("CREATE PUBLICATION %s FOR TABLE %s WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)",
		quoteName(name), strings.Join(list, ", "))
}

// publish makes the publication if there is none, and checks the one that is there.
func publish(ctx context.Context, conn *pgx.Conn, name string, version int, tables []*table) (created bool, err error) {
	var does [4]bool
	var viaRoot bool
	const query = "SELECT pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot FROM pg_publication WHERE pubname = $1"
	err = conn.QueryRow(ctx, query, name).Scan(&does[0], &does[1], &does[2], &does[3], &viaRoot)
	if errors.Is(err, pgx.ErrNoRows) {
		sql := publicationSQL(name, tables)
		if _, err := conn.Exec(ctx, sql); err != nil {
			return false, fmt.Errorf("make the publication by\n  %s:\n  %w", sql, err)
		}
		return true, publishedColumns(ctx, conn, name, version, tables)
	}
	if err != nil {
		return false, err
	}
	if does != [4]bool{true, true, true, true} {
		return false, fmt.Errorf("the publication %s leaves out kinds of changes\n  ALTER PUBLICATION %s SET (publish = 'insert, update, delete, truncate')", name, quoteName(name))
	}
	for _, t := range tables {
		if t.split && !viaRoot {
			return false, fmt.Errorf("%s is partitioned, and the publication %s has changes of its partitions by their own names\n"+
				"  ALTER PUBLICATION %s SET (publish_via_partition_root = true)", t.TableName, name, quoteName(name))
		}
	}
	return false, publishedColumns(ctx, conn, name, version, tables)
}

// publishedColumns leaves tables the columns that the publication has.
func publishedColumns(ctx context.Context, conn *pgx.Conn, name string, version int, tables []*table) error {
	query := "SELECT NULL::text[], NULL::text FROM pg_publication_tables WHERE pubname = $1 AND schemaname = $2 AND tablename = $3"
	if version >= filterVersion {
		query = strings.Replace(query, "NULL::text[], NULL::text", "attnames::text[], rowfilter", 1)
	}
	for _, t := range tables {
		var columns []string
		var filter *string
		err := conn.QueryRow(ctx, query, name, t.Schema, t.Name).Scan(&columns, &filter)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return fmt.Errorf("the publication %s has no table %s\n  ALTER PUBLICATION %s ADD TABLE %s, or leave the table out of cdc.tables", name, t.TableName, quoteName(name), t.from())
		case err != nil:
			return err
		case filter != nil:
			return fmt.Errorf("the publication %s filters the rows of %s: all rows are mirrored or none\n  ALTER PUBLICATION %s DROP TABLE %s, and ADD it without WHERE", name, t.TableName, quoteName(name), t.sql())
		}
		if columns == nil {
			for _, c := range t.columns {
				columns = append(columns, c.Name)
			}
		}
		if err := t.publish(columns); err != nil {
			return err
		}
	}
	return nil
}

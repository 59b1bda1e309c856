package load_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// models creates raw tables from the project's model files.
type models struct {
	t  testing.TB
	db *warehouse.Client
}

func (m models) Ensure(ctx context.Context, names ...string) error {
	for _, name := range names {
		if _, err := m.db.Exec(ctx, modelDDL(m.t, name)); err != nil {
			return fmt.Errorf("create %s: %w", name, err)
		}
	}
	return nil
}

var (
	typedColumn = regexp.MustCompile(`typed\((?:'([^']*)'|"([^"]*)"), '(\w+)'\)`)
	orderBy     = regexp.MustCompile(`order_by=\[([^\]]*)\]`)
	partitionBy = regexp.MustCompile(`partition_by='([^']*)'`)
	settings    = regexp.MustCompile(`settings=\{'(\w+)': (\d+)\}`)
)

// repoFile finds a file of the repository from the package's folder.
func repoFile(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return filepath.Join(dir, name)
		}
	}
	t.Fatalf("%s is not in the repository or beside it", name)
	return ""
}

// modelDDL reads the columns and keys of a raw model as they stand in its file.
func modelDDL(t testing.TB, name string) string {
	text, err := os.ReadFile(repoFile(t, "models/raw/"+name+".sql"))
	if err != nil {
		t.Fatal(err)
	}
	macros, err := os.ReadFile(repoFile(t, "models/macros/raw.sql"))
	if err != nil {
		t.Fatal(err)
	}
	full := string(text)
	for _, macro := range []string{"change_columns", "arrival_columns"} {
		body := regexp.MustCompile(`(?s)macro ` + macro + `\(\).*?endmacro`).FindString(string(macros))
		full = strings.ReplaceAll(full, "{{ "+macro+"() }}", body)
	}
	var columns []string
	for _, m := range typedColumn.FindAllStringSubmatch(full, -1) {
		column := warehouse.Ident(m[3]) + " " + m[1] + m[2]
		if m[3] == "ingested_at" {
			column += " DEFAULT now64(6, 'UTC')"
		}
		columns = append(columns, column)
	}
	ddl := "CREATE TABLE IF NOT EXISTS " + warehouse.Ident(name) + " (" + strings.Join(columns, ", ") + ") ENGINE = MergeTree"
	if m := partitionBy.FindStringSubmatch(full); m != nil {
		ddl += " PARTITION BY " + m[1]
	}
	ddl += " ORDER BY (" + strings.ReplaceAll(orderBy.FindStringSubmatch(full)[1], "'", "") + ")"
	if name == "load_rejects" {
		ddl += " TTL toDateTime(rejected_at) + toIntervalYear(2)"
	} else if strings.Contains(full, "ttl=") {
		ddl += " TTL toDateTime(timestamp) + toIntervalYear(2) DELETE WHERE NOT startsWith(_batch, 'kept_')"
	}
	if m := settings.FindStringSubmatch(full); m != nil {
		ddl += " SETTINGS " + m[1] + " = " + m[2]
	}
	return ddl
}

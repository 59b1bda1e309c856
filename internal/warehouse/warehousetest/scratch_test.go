package warehousetest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestScratch(t *testing.T) {
	c := warehousetest.Open(t)
	b, _ := os.ReadFile("/tmp/engine/scratch.sql")
	for _, q := range strings.Split(string(b), ";\n") {
		if strings.TrimSpace(q) == "" {
			continue
		}
		rows, err := c.Query(t.Context(), q)
		if err != nil {
			t.Log(q, "ERR", err)
			continue
		}
		t.Log(q, rows.Columns())
		for rows.Next() {
			v, err := rows.Values()
			t.Log(v, err)
		}
		t.Log(rows.Err(), rows.Close(), rows.Stats())
	}
}

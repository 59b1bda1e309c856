package warehousetest_test

import (
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

func TestOpen(t *testing.T) {
	t0 := time.Now()
	l := localtest.Acquire(t)
	t.Log("acquire", time.Since(t0))
	t0 = time.Now()
	localtest.Acquire(t)
	t.Log("acquire again", time.Since(t0))
	_ = l
	t0 = time.Now()
	c := warehousetest.Open(t)
	t.Log("open", time.Since(t0))
	rows, err := c.QueryJSON(t.Context(), "select 1 a, currentDatabase() b", 0)
	t.Logf("%s %v", rows, err)
}

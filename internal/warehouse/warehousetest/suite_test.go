package warehousetest_test

import (
	"testing"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestEmbedded(t *testing.T) {
	warehousetest.Run(t, localtest.Acquire(t).Warehouse())
}

package embedded_test

import (
	"os"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

// TestMain makes the test binary serve as the engine's child.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "__engine" {
		os.Exit(embedded.Main(os.Args[2:], os.Stderr))
	}
	os.Exit(m.Run())
}

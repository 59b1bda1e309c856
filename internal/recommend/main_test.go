package recommend

import (
	"testing"

	"github.com/tiendi/tiendi/internal/local/localtest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

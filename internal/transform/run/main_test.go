package run

import (
	"os"
	"testing"

	"github.com/tiendi/tiendi/internal/local/localtest"
)

func TestMain(m *testing.M) {
	if text := os.Getenv(victimEnv); text != "" {
		os.Exit(victim(text))
	}
	localtest.Main(m)
}

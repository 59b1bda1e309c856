package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

// The release of dbt and of its adapter that we are held against.
const dbtCore, dbtClickHouse = "1.11.16", "1.10.3"

// realDBT is the python of an environment that holds dbt. It is made once per
// user; a machine that cannot reach the Python package index skips the test.
func realDBT(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "tiendi", "dbt-"+dbtCore+"-"+dbtClickHouse)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	lock, err := embedded.LockFile(ctx, dir+".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock()
	python, complete := filepath.Join(dir, "bin", "python"), filepath.Join(dir, "complete")
	if _, err := os.Stat(complete); err == nil {
		return python
	}
	// An environment without the mark is what a killed test left.
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	install(ctx, t, "python3", "-m", "venv", dir)
	install(ctx, t, python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet",
		"dbt-core=="+dbtCore, "dbt-clickhouse=="+dbtClickHouse)
	if err := os.WriteFile(complete, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return python
}

// unreachable are pip's and python's words for what this machine lacks.
var unreachable = []string{"NewConnectionError", "ConnectTimeoutError", "Temporary failure in name resolution",
	"Network is unreachable", "ProxyError", "ReadTimeoutError", "ensurepip is not available", "executable file not found"}

func install(ctx context.Context, t *testing.T, name string, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err == nil {
		return
	}
	text := err.Error() + "\n" + string(out)
	for _, reason := range unreachable {
		if strings.Contains(text, reason) {
			t.Skipf("NOT COMPARED WITH REAL DBT: dbt-core %s cannot be installed here (%s %s): %s", dbtCore, name, strings.Join(args, " "), text)
		}
	}
	t.Fatalf("install dbt: %s", text)
}

// dbtProfile is where real dbt finds the engine; its password stays in the
// environment.
const dbtProfile = `tiendi:
  target: dev
  outputs:
    dev:
      type: clickhouse
      driver: http
      schema: %s
      host: %s
      port: %s
      user: %s
      password: "{{ env_var('DBT_ENV_SECRET_TEST') }}"
      threads: 2
`

// dbtRunner runs real dbt on a shop's project and database.
type dbtRunner struct {
	python string
	shop   *shop
}

func newDBT(t *testing.T) *dbtRunner {
	t.Helper()
	d := &dbtRunner{python: realDBT(t), shop: newShop(t)}
	host, port, err := net.SplitHostPort(d.shop.engine.config.HTTPAddr)
	if err != nil {
		t.Fatal(err)
	}
	profile := fmt.Sprintf(dbtProfile, d.shop.database, host, port, d.shop.engine.config.User)
	if err := os.WriteFile(filepath.Join(d.shop.dir, "profiles.yml"), []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

// run wants dbt to succeed.
func (d *dbtRunner) run(t *testing.T, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, d.python, append([]string{"-c", "from dbt.cli.main import cli; cli()", "--no-use-colors"}, args...)...)
	cmd.Dir = d.shop.dir
	cmd.Env = append(os.Environ(), "DBT_ENV_SECRET_TEST="+d.shop.engine.config.Password, "DBT_PROFILES_DIR="+d.shop.dir,
		"DBT_SEND_ANONYMOUS_USAGE_STATS=false")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("real dbt %s: %v\n%s", strings.Join(args, " "), err, out.String())
	}
}

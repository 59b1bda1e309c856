package profile

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func readExample(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "profiles.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestExampleLoads holds that every target of profiles.example.yaml is right.
func TestExampleLoads(t *testing.T) {
	dir := t.TempDir()
	text := strings.NewReplacer("/run/secrets/clickhouse", "secret", "/run/secrets/archive", "secret").Replace(string(readExample(t)))
	write(t, dir, "profiles.yaml", text)
	write(t, dir, "secret", "from a file\n")
	for _, c := range []struct{ profile, target, kind, database string }{
		{"tiendi", "", Embedded, "tiendi"}, {"tiendi", "dev", Embedded, "tiendi"}, {"tiendi", "prod", ClickHouse, "analytics"},
		{"tiendi", "staging", ClickHouse, "default"}, {"from_dbt", "", ClickHouse, "analytics"},
	} {
		s, err := Load(Options{ProjectDir: dir, Profile: c.profile, Target: c.target})
		if err != nil {
			t.Errorf("%s %s: %v", c.profile, c.target, err)
		}
		if s.Warehouse.Type != c.kind || s.Warehouse.Database != c.database {
			t.Errorf("%s %s: got %s, %s", c.profile, c.target, s.Warehouse.Type, s.Warehouse.Database)
		}
	}
}

// TestExampleExplainsEveryKey holds that no setting exists that the example
// does not show.
func TestExampleExplainsEveryKey(t *testing.T) {
	var profiles map[string]struct {
		Outputs map[string]map[string]any
	}
	if err := yaml.Unmarshal(readExample(t), &profiles); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, output := range profiles["tiendi"].Outputs {
		for section, v := range output {
			shown[section] = true
			below, _ := v.(map[string]any)
			for name := range below {
				shown[section+"."+name] = true
			}
		}
	}
	for _, k := range keys {
		if !shown[k.path] {
			t.Errorf("profiles.example.yaml does not show %s", k.path)
		}
	}
	unused := dbtKeys[slices.Index(dbtKeys, "connect_timeout"):]
	for _, key := range dbtKeys {
		if _, ok := profiles["from_dbt"].Outputs["dev"][key]; !ok && key != "database" && !slices.Contains(unused, key) {
			t.Errorf("profiles.example.yaml does not show dbt's %s", key)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestComposeLoads holds the profile that the containers use.
func TestComposeLoads(t *testing.T) {
	env := map[string]string{
		"CLICKHOUSE_PASSWORD": "p", "RABBITMQ_URL": "amqp://tiendi:p@rabbitmq:5672/", "REDIS_URL": "redis://:p@redis:6379/0",
		"POSTGRES_URL": "postgres://tiendi:p@postgres:5432/tiendi", "WRITE_KEY_SHA256": strings.Repeat("0", 64),
	}
	s, err := Load(Options{ProjectDir: filepath.Join("..", "..", "deploy", "compose"), LookupEnv: func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}})
	if err != nil {
		t.Fatal(err)
	}
	if s.Broker.Type != RabbitMQ || s.Redis.URL == "" || s.Postgres.URL == "" || s.Stream.Listen == "" || len(s.Collect.Keys) != 1 {
		t.Errorf("got %+v", s)
	}
}

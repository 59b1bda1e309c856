package profile

import (
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write what is there as what is wanted")

func environment(pairs ...string) func(string) (string, bool) {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) (string, bool) { v, ok := m[name]; return v, ok }
}

const server = `
shop:
  target: prod
  outputs:
    dev: {warehouse: {}}
    prod:
      threads: 7
      warehouse:
        type: clickhouse
        addresses: [a, "b:1234", "[::1]:9000"]
        http_address: a:8443
        database: shop
        user: ana
        password: "{{ env_var('PW') }}!"
        secure: true
        ca_file: ca.pem
        cluster: main
        settings: {max_threads: 3, join_algorithm: hash, x: 1.5, y: true}
`

func TestServer(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "profiles.yaml", server)
	got, err := Load(Options{ProjectDir: dir, Profile: "shop", LookupEnv: environment("PW", "s3cret")})
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		Profile: "shop", Target: "prod", File: filepath.Join(dir, "profiles.yaml"), Threads: 7,
		Warehouse: Warehouse{
			Type: ClickHouse, Database: "shop", Addresses: []string{"a:9440", "b:1234", "[::1]:9000"}, HTTPAddress: "a:8443",
			User: "ana", Password: "s3cret!", Secure: true, CAFile: filepath.Join(dir, "ca.pem"), Cluster: "main",
			Settings: map[string]any{"max_threads": int64(3), "join_algorithm": "hash", "x": 1.5, "y": true},
		},
		Broker: Broker{Type: Embedded, Partitions: 8}, Stream: Stream{Lateness: 10 * time.Minute},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got.Warehouse.Password.Reveal() != "s3cret!" {
		t.Error("the password is not what the environment says")
	}
}

func TestWithoutFile(t *testing.T) {
	var notices []string
	o := Options{ProjectDir: t.TempDir(), Profile: "shop", Notice: func(s string) { notices = append(notices, s) }}
	s, err := Load(o)
	if err != nil {
		t.Fatal(err)
	}
	if s.Warehouse.Type != Embedded || s.Warehouse.Database != "tiendi" || s.Target != "dev" || s.Threads != 4 || s.File != "" {
		t.Errorf("got %+v", s)
	}
	if len(notices) != 1 || !strings.Contains(notices[0], "embedded") || strings.Contains(notices[0], "\n") {
		t.Errorf("one line of notice is wanted, got %q", notices)
	}
	o.Target = "prod"
	if _, err := Load(o); err == nil || !strings.Contains(err.Error(), "there is no target prod") {
		t.Errorf("got %v", err)
	}
}

func TestEnvironmentGoesBeforeTheFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "profiles.yaml", server)
	write(t, dir, "pw", "of a file\n")
	s, err := Load(Options{ProjectDir: dir, Target: "dev", LookupEnv: environment(
		"TIENDI_THREADS", "9", "TIENDI_WAREHOUSE_TYPE", "clickhouse", "TIENDI_WAREHOUSE_ADDRESSES", "x:1, y",
		"TIENDI_WAREHOUSE_PASSWORD_FILE", filepath.Join(dir, "pw"), "TIENDI_WAREHOUSE_SECURE", "TRUE",
		"TIENDI_WAREHOUSE_SETTINGS", "max_threads=2,a=b",
	)})
	if err != nil {
		t.Fatal(err)
	}
	w := s.Warehouse
	if s.Threads != 9 || !reflect.DeepEqual(w.Addresses, []string{"x:1", "y:9440"}) || w.Password.Reveal() != "of a file" || !w.Secure ||
		!reflect.DeepEqual(w.Settings, map[string]any{"max_threads": "2", "a": "b"}) {
		t.Errorf("got %+v", s)
	}
}

func TestOrderOfPlaces(t *testing.T) {
	root := t.TempDir()
	home, dir, asked := filepath.Join(root, "home"), filepath.Join(root, "project"), filepath.Join(root, "asked")
	one := func(threads int) string {
		return fmt.Sprintf("p: {outputs: {dev: {threads: %d, warehouse: {type: embedded}}}}", threads)
	}
	o := Options{ProjectDir: dir, HomeDir: home, LookupEnv: environment("DBT_PROFILES_DIR", asked)}
	if _, err := Load(o); err == nil || !strings.Contains(err.Error(), "DBT_PROFILES_DIR") {
		t.Errorf("a folder that was named must hold a file, got %v", err)
	}
	write(t, asked, "profiles.yml", one(1))
	write(t, home, ".dbt/profiles.yml", one(2))
	check := func(want int) {
		t.Helper()
		s, err := Load(o)
		if err != nil || s.Threads != want {
			t.Errorf("got threads %d, want %d: %v", s.Threads, want, err)
		}
	}
	check(1)
	o.LookupEnv = nil
	check(2)
	write(t, home, ".tiendi/profiles.yaml", one(3))
	check(3)
	write(t, dir, "profiles.yml", one(4))
	check(4)
	write(t, dir, "profiles.yaml", one(5))
	check(5)
	o.ProfilesDir = asked
	check(1)
}

func TestDbtPorts(t *testing.T) {
	for _, c := range []struct{ keys, native, http, fails string }{
		{"host: h", "h:9000", "h:8123", ""},
		{"host: h, secure: true", "h:9440", "h:8443", ""},
		{"host: h, port: 8123", "h:9000", "h:8123", ""},
		{"host: h, port: 8443, secure: true", "h:9440", "h:8443", ""},
		{"host: h, port: 9000", "h:9000", "", ""},
		{"host: h, port: 9440, secure: true, http_port: 443", "h:9440", "h:443", ""},
		{"host: h, port: 19000, driver: native", "h:19000", "", ""},
		{"host: h, port: 443, native_port: 9440, secure: true", "h:9440", "h:443", ""},
		{"host: h, port: 18123", "", "", "add native_port"},
		{"host: h, schema: a, database: b", "", "", "database b and schema a differ"},
		{"host: h, type: postgres", "", "", `is "postgres"`},
		{"host: h, prot: 8123", "", "", "did you mean port?"},
		{"host: h, port: many", "", "", "port must be a whole number"},
	} {
		dir := t.TempDir()
		text := "p: {outputs: {dev: {type: clickhouse, " + c.keys + "}}}"
		if strings.Contains(c.keys, "type:") {
			text = "p: {outputs: {dev: {" + c.keys + "}}}"
		}
		write(t, dir, "profiles.yml", text)
		s, err := Load(Options{ProjectDir: dir})
		if c.fails != "" {
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: got %v, want %q", c.keys, err, c.fails)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.keys, err)
			continue
		}
		if s.Warehouse.Addresses[0] != c.native || s.Warehouse.HTTPAddress != c.http {
			t.Errorf("%s: got %s and %q, want %s and %q", c.keys, s.Warehouse.Addresses[0], s.Warehouse.HTTPAddress, c.native, c.http)
		}
	}
}

func TestSecretNeverPrints(t *testing.T) {
	s := Settings{Warehouse: Warehouse{Password: "hunter2"}}
	asJSON, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "password", s.Warehouse.Password, "all", s)
	for _, text := range []string{
		fmt.Sprint(s), fmt.Sprintf("%+v %#v %q %x %v", s, s, s.Warehouse.Password, s.Warehouse.Password, &s),
		string(asJSON), string(asYAML), log.String(),
	} {
		if strings.Contains(text, "hunter2") || strings.Contains(text, "68756e74657232") || !strings.Contains(text, hidden) {
			t.Errorf("printed as %s", text)
		}
	}
	if Secret("").String() != "" {
		t.Error("no secret is empty, not hidden")
	}
}

// TestAddressIsNoURL refuses credentials in addresses, which errors of the
// network would print.
func TestAddressIsNoURL(t *testing.T) {
	for _, keys := range []string{
		"type: clickhouse, host: 'http://u:hunter2@h', port: 8123",
		"warehouse: {addresses: ['clickhouse://u:hunter2@h:9000']}",
		"warehouse: {addresses: ['h:9000'], http_address: 'https://u:hunter2@h:8443'}",
	} {
		dir := t.TempDir()
		write(t, dir, "profiles.yml", "p: {outputs: {dev: {"+keys+"}}}")
		_, err := Load(Options{ProjectDir: dir})
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Count(err.Error(), "must be host:port alone") != 1 {
			t.Errorf("%s: %v", keys, err)
		}
	}
}

// TestOneProblemIsOneError holds that what could not be read is not missing too.
func TestOneProblemIsOneError(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "profiles.yml", "p: {outputs: {dev: {type: clickhouse, host: h, port: many}}}")
	if _, err := Load(Options{ProjectDir: dir}); err == nil || strings.Contains(err.Error(), "addresses is missing") {
		t.Errorf("got %v", err)
	}
}

// TestEndlessPasswordFile reads no more than a profile may hold.
func TestEndlessPasswordFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "profiles.yml", "p: {outputs: {dev: {warehouse: {addresses: [h], password_file: /dev/zero}}}}")
	if _, err := Load(Options{ProjectDir: dir}); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("got %v", err)
	}
}

// TestCountryFile finds it beside the profile, or where the environment says.
func TestCountryFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "profiles.yml", "p: {outputs: {dev: {enrich: {countries: geo/c.mmdb}}}}")
	for _, c := range []struct{ variable, want string }{{"", filepath.Join(dir, "geo", "c.mmdb")}, {"/srv/c.mmdb", "/srv/c.mmdb"}} {
		o := Options{ProjectDir: dir}
		if c.variable != "" {
			o.LookupEnv = environment("TIENDI_ENRICH_COUNTRIES", c.variable)
		}
		if s, err := Load(o); err != nil || s.Enrich.Countries != c.want {
			t.Errorf("got %s, %v", s.Enrich.Countries, err)
		}
	}
}

// TestErrors holds the wording of errors against testdata/errors.txt.
func TestErrors(t *testing.T) {
	text, err := os.ReadFile("testdata/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	var now strings.Builder
	for _, one := range strings.Split(string(text), "=====\n")[1:] {
		profile, want, _ := strings.Cut(one, "-----\n")
		dir := t.TempDir()
		write(t, dir, "profiles.yaml", profile)
		got := "no error\n"
		if _, err := Load(Options{ProjectDir: dir, Profile: "shop"}); err != nil {
			got = strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "") + "\n"
		}
		fmt.Fprintf(&now, "=====\n%s-----\n%s", profile, got)
		if got != want && !*update {
			t.Errorf("%sgot:\n%swant:\n%s", profile, got, want)
		}
	}
	if *update {
		write(t, "testdata", "errors.txt", now.String())
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(server)
	f.Add("shop: {outputs: {dev: {type: clickhouse, port: \"{{ env_var('P', 1) | int }}\"}}}")
	f.Add("a: &a [*a]\nshop: {outputs: {dev: {warehouse: {settings: {x: *a}}}}}")
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		write(t, dir, "profiles.yaml", text)
		s, err := Load(Options{ProjectDir: dir, LookupEnv: environment("PW", "x")})
		if err == nil && s.Warehouse.Type == ClickHouse && len(s.Warehouse.Addresses) == 0 {
			t.Error("a server without an address")
		}
	})
}

package profile

import (
	"net"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// dbtKeys are the keys of dbt-clickhouse's targets. Those that steer its
// Python drivers only are read past; native_port and http_port are ours.
var dbtKeys = []string{
	"type", "schema", "database", "host", "port", "user", "password", "driver", "secure", "verify", "cluster", "threads",
	"custom_settings", "native_port", "http_port", "ca_file",
	"connect_timeout", "send_receive_timeout", "sync_request_timeout", "retries", "compression", "compress_block_size",
	"database_engine", "cluster_mode", "client_cert", "client_cert_key", "check_exchange", "use_lw_deletes",
	"local_suffix", "local_db_prefix", "allow_automatic_deduplication", "tcp_keepalive", "reuse_connections",
	"server_host_name", "priority",
}

// dbtTarget is what a dbt target says of where the server is.
type dbtTarget struct {
	kind, schema, database, host, driver string
	port, native, http                   int
	verify                               bool
}

// dbtTarget reads a target in the shape of dbt-clickhouse.
func (r *reader) dbtTarget(n *yaml.Node, name string, s *Settings) {
	r.known(n, "target "+name, dbtKeys)
	t := dbtTarget{host: "localhost", verify: true}
	w := &s.Warehouse
	w.Type = ClickHouse
	setters := map[string]func(v value) error{
		"type":            func(v value) error { return v.oneOf(&t.kind, ClickHouse) },
		"schema":          func(v value) error { return v.text(&t.schema) },
		"database":        func(v value) error { return v.text(&t.database) },
		"host":            func(v value) error { return v.text(&t.host) },
		"driver":          func(v value) error { return v.oneOf(&t.driver, "http", "native") },
		"port":            func(v value) error { return v.count(&t.port) },
		"native_port":     func(v value) error { return v.count(&t.native) },
		"http_port":       func(v value) error { return v.count(&t.http) },
		"verify":          func(v value) error { return v.flag(&t.verify) },
		"user":            func(v value) error { return v.text(&w.User) },
		"password":        func(v value) error { return v.secret(&w.Password) },
		"secure":          func(v value) error { return v.flag(&w.Secure) },
		"cluster":         func(v value) error { return v.text(&w.Cluster) },
		"ca_file":         func(v value) error { return v.file(&w.CAFile) },
		"threads":         func(v value) error { return v.count(&s.Threads) },
		"custom_settings": func(v value) error { return v.settings(&w.Settings) },
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		set, v := setters[n.Content[i].Value], follow(n.Content[i+1])
		if set == nil || isNull(v) {
			continue
		}
		plain, err := r.plain(v, 0)
		if err == nil {
			err = set(value{v: plain, raw: rawOf(v), dir: r.dir()})
		}
		if err != nil {
			r.fail(v, "%s %w", n.Content[i].Value, err)
		}
	}
	if r.unplaced = len(r.problems) > 0; !r.unplaced {
		r.place(t, s)
	}
}

// place settles addresses by dbt's rules for port and driver. tiendi speaks
// the native protocol: for a target of dbt's HTTP driver the native port is
// native_port, else the one that goes with a standard HTTP port.
func (r *reader) place(t dbtTarget, s *Settings) {
	w := &s.Warehouse
	w.SkipVerify = !t.verify
	w.Database = orStandard(t.schema, "default")
	if t.database != "" && t.database != w.Database {
		r.wrong(s, "database %s and schema %s differ: ClickHouse has one level, so leave database out", t.database, w.Database)
	}
	standardHTTP, standardNative := 8123, nativePort
	if w.Secure {
		standardHTTP, standardNative = 8443, secureNativePort
	}
	if t.driver == "" {
		t.driver = "http"
		if t.port == nativePort || t.port == secureNativePort {
			t.driver = "native"
		}
	}
	if t.driver == "native" {
		t.native = firstOf(t.native, t.port, standardNative)
	} else {
		t.http = firstOf(t.http, t.port, standardHTTP)
		t.native = firstOf(t.native, map[int]int{8123: nativePort, 8443: secureNativePort}[t.http])
	}
	if t.native == 0 {
		r.wrong(s, "port %d is the HTTP port, and tiendi needs the one of the native protocol: add native_port: (often %d)", t.port, standardNative)
		return
	}
	w.Addresses = []string{net.JoinHostPort(t.host, strconv.Itoa(t.native))}
	if t.http != 0 {
		w.HTTPAddress = net.JoinHostPort(t.host, strconv.Itoa(t.http))
	}
}

func firstOf(numbers ...int) int {
	for _, n := range numbers {
		if n != 0 {
			return n
		}
	}
	return 0
}

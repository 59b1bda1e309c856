package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"
	"text/template"
)

const (
	// User is the engine's only user that can log in.
	User = "tiendi"
	// Database is created at start. The built-in "default" is an Overlay
	// database, which refuses EXCHANGE TABLES.
	Database = "tiendi"
)

// settings is what configXML is made from. Paths are absolute, sizes in bytes.
type settings struct {
	DataDir  string
	TempDir  string
	Self     string // the file itself, which also holds the users
	TCPPort  int
	HTTPPort int
	Hash     string // SHA-256 of the password, in hex
	Memory   uint64 // 0: the engine's own limit, 90 % of the host
	Threads  int    // of background merges
	User     string
}

// Log tables are left out by not naming them: they would grow for ever. Names
// and passwords never meet: "default" is the engine's own starting session. It
// has no password, so it may do nothing but start, and its one session is taken
// for as long as the engine lives. Profilers would interrupt the host's threads. To compile
// an expression takes about 0.1 s of processor, which a laptop's data do not give back.
// Groups and sorts go to disk early enough that four models at once fit into memory.
const configTemplate = `<clickhouse>
  <path>{{.DataDir}}/</path>
  <tmp_path>{{.TempDir}}/</tmp_path>
  <listen_host>127.0.0.1</listen_host>
  <tcp_port>{{.TCPPort}}</tcp_port>
  <http_port>{{.HTTPPort}}</http_port>
  <timezone>UTC</timezone>
  <log-level>fatal</log-level>
  <logger><console>1</console></logger>
  <max_concurrent_queries>200</max_concurrent_queries>
  <max_connections>1024</max_connections>
  <keep_alive_timeout>60</keep_alive_timeout>
  <mark_cache_size>67108864</mark_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <mmap_cache_size>100</mmap_cache_size>
  <compiled_expression_cache_size>33554432</compiled_expression_cache_size>
  <background_pool_size>{{.Threads}}</background_pool_size>
  <background_merges_mutations_concurrency_ratio>2</background_merges_mutations_concurrency_ratio>
  <background_schedule_pool_size>8</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
{{- if .Memory}}
  <max_server_memory_usage>{{.Memory}}</max_server_memory_usage>
{{- end}}
  <users_config>{{.Self}}</users_config>
  <user_directories><users_xml><path>{{.Self}}</path></users_xml></user_directories>
  <profiles>
    <default>
      <query_profiler_real_time_period_ns>0</query_profiler_real_time_period_ns>
      <query_profiler_cpu_time_period_ns>0</query_profiler_cpu_time_period_ns>
      <async_insert>0</async_insert>
      <log_queries>0</log_queries>
      <compile_expressions>0</compile_expressions>
      <compile_aggregate_expressions>0</compile_aggregate_expressions>
      <max_bytes_ratio_before_external_group_by>0.2</max_bytes_ratio_before_external_group_by>
      <max_bytes_ratio_before_external_sort>0.2</max_bytes_ratio_before_external_sort>
    </default>
    <start>
      <max_sessions_for_user>1</max_sessions_for_user>
      <query_profiler_real_time_period_ns>0</query_profiler_real_time_period_ns>
      <query_profiler_cpu_time_period_ns>0</query_profiler_cpu_time_period_ns>
    </start>
  </profiles>
  <quotas><default></default></quotas>
  <users>
    <default>
      <no_password/>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>start</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT READ ON FILE</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
      </grants>
    </default>
    <{{.User}}>
      <password_sha256_hex>{{.Hash}}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <access_management>1</access_management>
      <named_collection_control>1</named_collection_control>
    </{{.User}}>
  </users>
</clickhouse>
`

// configXML renders the engine's configuration.
func configXML(s settings) (string, error) {
	t, err := template.New("engine").Option("missingkey=error").Parse(configTemplate)
	if err != nil {
		return "", fmt.Errorf("engine configuration: %w", err)
	}
	s.User = User
	s.DataDir, s.TempDir, s.Self = xmlText(s.DataDir), xmlText(s.TempDir), xmlText(s.Self)
	var b strings.Builder
	if err := t.Execute(&b, s); err != nil {
		return "", fmt.Errorf("engine configuration: %w", err)
	}
	return b.String(), nil
}

func xmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func passwordHash(password string) string {
	sum := sha256.Sum256([]byte(password))
	return hex.EncodeToString(sum[:])
}

// mergeThreads leaves room for queries on small machines.
func mergeThreads() int {
	return min(max(runtime.NumCPU()/2, 2), 8)
}

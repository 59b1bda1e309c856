package load_test
import ("testing";"context";"github.com/tiendi/tiendi/internal/warehouse";"github.com/tiendi/tiendi/internal/warehouse/warehousetest";"os";"fmt";"time";"runtime/pprof";"syscall";"os/exec";"strings";"strconv";"github.com/tiendi/tiendi/internal/ingest/load")
func cpus(t *testing.T) (eng, own time.Duration) {
 out,_ := exec.Command("pgrep","-f","engine.py /tmp/load/eng").Output()
 fs := strings.Fields(string(out)); pid := fs[len(fs)-1]
 for _, p := range fs { b,_ := os.ReadFile("/proc/"+p+"/comm"); if strings.HasPrefix(string(b),"python") { pid = p } }
 b,_ := os.ReadFile("/proc/"+pid+"/stat")
 f := strings.Fields(string(b)); u,_ := strconv.Atoi(f[13]); s,_ := strconv.Atoi(f[14])
 var ru syscall.Rusage
 syscall.Getrusage(syscall.RUSAGE_SELF, &ru)
 return time.Duration(u+s)*10*time.Millisecond, time.Duration(ru.Utime.Nano()+ru.Stime.Nano())
}
func TestZZ(t *testing.T){
 cfg := warehouse.Config{Addrs: []string{"127.0.0.1:29000"}, HTTPAddr:"127.0.0.1:28123", User:"default", Database:"x", Local:true}
 ctx := context.Background()
 if p := os.Getenv("PROF"); p != "" { f,_ := os.Create(p); pprof.StartCPUProfile(f); defer pprof.StopCPUProfile() }
 for i:=0;i<3;i++ { 
 db := warehousetest.OpenOn(t, cfg)
 o := options(t, db, os.Getenv("F"))
 o.Table = "events"
 var ce, co time.Duration
 o.Progress = func(p load.Progress) { if p.Committing { ce, co = cpus(t) } }
 e0, o0 := cpus(t)
 s := time.Now()
 r:=run(t, o)
 e := time.Now()
 e1, o1 := cpus(t)
 for _, f := range r.Files { fmt.Fprintln(os.Stderr, "load wall", e.Sub(s), "cpu: engine", e1-e0, "own", o1-o0, "sum", e1-e0+o1-o0, "commit", e1-ce+o1-co, f.Rows) }
 db.Exec(ctx, "TRUNCATE TABLE events_raw")
 s = time.Now()
 e0, o0 = cpus(t)
 _, err := db.Exec(ctx, "insert into events_raw (event_id,event_type,timestamp,session_id,user_id,store_id,ip,user_agent,referrer,page_url,page_view_id,device_type,os,browser,properties) select event_id,event_type,timestamp,session_id,user_id,toUUIDOrZero(JSONExtractString(properties,'store_id')),context.ip,context.user_agent,context.referrer,context.page_url,context.page_view_id,context.device_type,context.os,context.browser,properties from file('"+os.Getenv("F")+"','JSONEachRow','event_id UUID, event_type LowCardinality(String), timestamp DateTime64(3,\\'UTC\\'), session_id UUID, user_id UUID, context Tuple(ip String, user_agent String, referrer String, page_url String, page_view_id String, device_type LowCardinality(String), os LowCardinality(String), browser LowCardinality(String)), properties String') settings input_format_json_read_objects_as_strings=1, date_time_input_format='best_effort'")
 if err!=nil {t.Fatal(err)}
 e1, o1 = cpus(t)
 fmt.Fprintln(os.Stderr, "file() wall", time.Since(s), "cpu", e1-e0)
 s = time.Now()
 fh,_ := os.Open(os.Getenv("F"))
 db.Exec(ctx, "TRUNCATE TABLE events_raw")
 db.Exec(ctx, "CREATE TABLE h (event_id UUID, event_type LowCardinality(String), timestamp DateTime64(3,'UTC'), session_id UUID, user_id UUID, context Tuple(ip String, user_agent String, referrer String, page_url String, page_view_id String, device_type LowCardinality(String), os LowCardinality(String), browser LowCardinality(String)), properties String) engine=MergeTree partition by toYYYYMM(timestamp) order by (session_id, timestamp)")
 e0, o0 = cpus(t)
 _, err = db.InsertStream(ctx, "INSERT INTO h FORMAT JSONEachRow", fh, "", warehouse.WithSettings(map[string]any{"date_time_input_format":"best_effort"}))
 if err!=nil {t.Fatal(err)}
 e1, o1 = cpus(t)
 fmt.Fprintln(os.Stderr, "http wall", time.Since(s), "cpu", e1-e0, o1-o0)
 }
}

package load_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	ordersHeader = "id,store_id,user_id,status,subtotal,delivery_fee,total,payment_method,created_at,updated_at\n"
	usersHeader  = "id,city,state,created_at\n"
)

// uid is the n-th UUID of the tests.
func uid(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

func user(n int, city string) string {
	return fmt.Sprintf("%s,%s,SP,2026-01-01 00:00:%02d\n", uid(n), city, n%60)
}

func orderRow(n int, status, updated string) string {
	return fmt.Sprintf("%s,%s,%s,%s,10.00,2.50,12.50,card,2026-01-01 10:00:00,%s\n", uid(n), uid(1), uid(2), status, updated)
}

// eventLine is an event with one field changed: "key=value" replaces the whole
// value of a top-level key, "-key" takes it away.
func eventLine(n int, change string) string {
	fields := []string{
		`"event_id":"` + uid(n) + `"`, `"event_type":"page_view"`, `"timestamp":"2026-01-02T03:04:05.678Z"`,
		`"session_id":"` + uid(7) + `"`, `"user_id":"` + uid(8) + `"`,
		`"context":{"ip":"203.0.113.77","user_agent":"Mozilla/5.0","page_url":"https://x.example/","device_type":"mobile","os":"iOS","browser":"Safari"}`,
		`"properties":{"store_id":"` + uid(9) + `","price":19.90}`,
	}
	var kept []string
	for _, f := range fields {
		name := strings.Split(f, `"`)[1]
		if change == "-"+name {
			continue
		}
		if value, ok := strings.CutPrefix(change, name+"="); ok {
			f = `"` + name + `":` + value
		}
		kept = append(kept, f)
	}
	return "{" + strings.Join(kept, ",") + "}\n"
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func gz(content string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(content))
	_ = z.Close()
	return b.String()
}

// badCase is a file that is not all right and what must come of it. rejects
// holds "line reason pointer" of each.
type badCase struct {
	name, content string
	rows          uint64
	rejects       []string
	err           string // of the file: nothing of it is in
}

func badEvents() []badCase {
	one := func(change, want string) badCase {
		return badCase{"events.ndjson", eventLine(1, "") + eventLine(2, change), 1, []string{"2 " + want}, ""}
	}
	good := func(change string) badCase {
		return badCase{"events.ndjson", eventLine(1, change), 1, nil, ""}
	}
	return []badCase{
		one("-event_id", "missing /event_id"),
		one(`event_id="7"`, "not a UUID /event_id"),
		one(`event_id=7`, "wrong JSON type /event_id"),
		one("-event_type", "missing /event_type"),
		one(`event_type="page_wiew"`, "unknown event type /event_type"),
		one("-timestamp", "missing /timestamp"),
		one(`timestamp="yesterday"`, "not a time /timestamp"),
		one(`timestamp=1700000000`, "wrong JSON type /timestamp"),
		one(`timestamp="2026-02-01T12:05:01Z"`, "timestamp in the future /timestamp"),
		one(`timestamp="0026-02-01T00:00:00Z"`, "year out of range /timestamp"),
		one("-session_id", "missing /session_id"),
		one(`user_id="nobody"`, "not a UUID /user_id"),
		one(`context=7`, "wrong JSON type /context"),
		one(`context={"ip":7}`, "wrong JSON type /context/ip"),
		one(`context={"device_type":"fridge"}`, "unknown device type /context/device_type"),
		one(`properties=[]`, "wrong JSON type /properties"),
		one(`properties={"store_id":"acme"}`, "not a UUID /properties/store_id"),
		one(`properties={"a":1,}`, "not valid JSON byte 381"),
		good(`timestamp="2026-02-01T12:04:59Z"`),
		good(`user_id=null`), good("-user_id"), good("-context"), good("-properties"),
		good(`properties={"store_id":null,"x":[{"y":1e3}]}`),
	}
}

func badFiles() []badCase {
	long := strings.Repeat("x", 17<<20)
	return []badCase{
		{"users.csv", usersHeader + user(1, "a") + "7,too,few\n" + user(2, "b"), 2, []string{"3 wrong number of columns "}, ""},
		{"users.csv", usersHeader + strings.Replace(user(1, "a"), uid(1), "not-a-uuid", 1), 0, []string{"2 not a UUID id"}, ""},
		{"users.csv", usersHeader + user(1, "a\xff\xfe") + user(2, "ñandú"), 1, []string{"2 invalid UTF-8 "}, ""},
		{"users.csv", usersHeader + uid(1) + ",a,b,1815-06-18 00:00:00\n" + uid(2) + ",a,b,31/12/2024\n", 0, []string{"2 year out of range created_at", "3 not a time created_at"}, ""},
		{"users.csv", usersHeader + uid(1) + ",a,b,\n" + user(2, ""), 1, []string{"2 missing created_at"}, ""},
		{"users.csv", "\xef\xbb\xbf" + strings.ReplaceAll(usersHeader+user(1, "a"), "\n", "\r\n"), 1, nil, ""},
		{"users.csv", usersHeader + user(1, "\"two\nlines, \"\"quoted\"\"\"") + user(2, "b"), 2, nil, ""},
		{"users.csv", usersHeader + user(1, "\"never closed") + user(2, "b"), 1, []string{"2 wrong quotes "}, ""},
		{"users.csv", usersHeader + user(1, long) + user(2, "b"), 1, []string{"2 line too long "}, ""},
		{"users.csv", usersHeader, 0, nil, ""},
		{"users.csv", "", 0, nil, "is empty"},
		{"users.csv", "id,city,city,created_at\n", 0, nil, `its header has the column "city" twice`},
		{"users.csv", "id,city,,created_at\n", 0, nil, "column 3 of its header has no name"},
		{"users.csv", "id;city;state;created_at\n", 0, nil, "has no column id, created_at, which users needs"},
		{"users.csv", "\x89PNG\r\n\x1a\n\x00\x00", 0, nil, "is not CSV: its first line is not text"},
		{"users.csv", "\xff\xfei\x00d\x00", 0, nil, "is UTF-16; save it as UTF-8"},
		{"users.csv.gz", gz(usersHeader + user(1, "a")), 1, nil, ""},
		{"users.csv.gz", gz(usersHeader + strings.Repeat(user(1, "a"), 9999))[:200], 0, nil, "is cut off"},
		{"users.csv.gz", usersHeader, 0, nil, "is not gzip"},
		{"users.csv.zst", "(\xb5/\xfd\x04", 0, nil, "is cut off"},
		{"users.parquet", "PAR1 and nothing more PAR1", 0, nil, "is not a whole Parquet file"},
		{"users.xlsx", "PK", 0, nil, "is no CSV, NDJSON or Parquet file by its name"},
		{"data.csv", "x,y\n1,2\n", 0, nil, "neither its name nor its columns (x, y) say which table"},
		{"events.ndjson", "[\n" + eventLine(1, ""), 0, nil, `is not NDJSON: its first line begins with "["`},
		{"events.ndjson", strings.Repeat(eventLine(1, "-event_id"), 3000), 0, nil, "its first 1"},
		{"orders.csv", ordersHeader + strings.Replace(orderRow(1, "ENVIADO", "2026-01-01 00:00:00"), "12.50", "12.505", 1) +
			strings.Replace(orderRow(2, "ENVIADO", "2026-01-01 00:00:00"), "12.50", "1e17", 1) +
			strings.Replace(orderRow(3, "ENVIADO", "2026-01-01 00:00:00"), "12.50", "$12", 1) +
			orderRow(4, "", "2026-01-01 00:00:00") + orderRow(5, "ENVIADO", ""), 1,
			[]string{"2 too many decimals total", "3 number out of range total", "4 not a number total", "5 missing status"}, ""},
	}
}

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// hostileMemory is what the collector may have in flight in this test, and hostileRSS
// what it may then take of the host: some 80 MB of its own, and of what is in
// flight as much again while it is told apart, twice over until garbage is collected.
const (
	hostileMemory = 32 << 20
	hostileRSS    = 80<<20 + 4*hostileMemory
)

// TestHostileClients sends a collector what nobody sends by mistake: each gets its
// answer, memory stays bounded, and what is stored in the end is what was accepted,
// byte for byte, beside the bytes of all that was refused.
func TestHostileClients(t *testing.T) {
	t.Parallel()
	s := newStreamShop(t)
	cmd := s.command("collect", "--listen", "127.0.0.1:0", "--spool", t.TempDir())
	cmd.Env = append(cmd.Environ(), "TIENDI_COLLECT_MEMORY_BYTES="+strconv.Itoa(hostileMemory))
	url := startServer(t, cmd)
	slow := slowClients(t, url)
	ledger := &hostileLedger{}
	for _, a := range bodyAttacks(t) {
		ledger.add(t, a, a.send(t, url))
	}
	for _, a := range wireAttacks() {
		ledger.stored = append(ledger.stored, a.stored...)
		if got := a.send(t, url); !slices.Equal(got, a.statuses) {
			t.Errorf("%s: answered %v, want %v", a.name, got, a.statuses)
		}
	}
	ledger.flood(t, url)
	slow(t)
	last := plainAttack()
	ledger.add(t, last, last.send(t, url))
	if peak, ok := peakMemory(t, cmd); ok && peak > hostileRSS {
		t.Errorf("the collector took %d MB, and %d is the most", peak>>20, hostileRSS>>20)
	}
	terminate(t, cmd)
	s.run(t, "stream", "--once")
	ledger.checkStored(t, s)
	ledger.checkRefused(t, s)
}

// bodyAttack is a request, and what must come of it.
type bodyAttack struct {
	name    string
	path    string // of /v1/, "events" where it is empty
	body    func() io.Reader
	headers []string
	status  int
	stored  []visit
	refused []keptRefusal
}

// keptRefusal is what the topic of refused events must hold.
type keptRefusal struct{ raw, reason string }

func (a bodyAttack) send(t testing.TB, url string) (status int) {
	t.Helper()
	path := a.path
	if path == "" {
		path = "events"
	}
	request, err := http.NewRequest(http.MethodPost, url+"/v1/"+path, a.body())
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range a.headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Errorf("%s: no answer: %v", a.name, err)
		return 0
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Errorf("%s: half an answer: %v", a.name, err)
	}
	return response.StatusCode
}

// hostileLedger is what must be in the warehouse and in the topic of refused events.
type hostileLedger struct {
	mu      sync.Mutex
	stored  []visit
	refused []keptRefusal
}

func (l *hostileLedger) add(t testing.TB, a bodyAttack, status int) {
	t.Helper()
	if status != a.status {
		t.Errorf("%s: answered %d, want %d", a.name, status, a.status)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stored = append(l.stored, a.stored...)
	l.refused = append(l.refused, a.refused...)
}

// flood sends what takes most memory, from eight clients at once. A collector that
// has enough in flight says so.
func (l *hostileLedger) flood(t *testing.T, url string) {
	t.Helper()
	attacks := floodAttacks(t)
	var clients sync.WaitGroup
	for n := range 8 {
		clients.Go(func() {
			for round := range 2 * len(attacks) {
				a := attacks[(n+round)%len(attacks)]
				if status := a.send(t, url); status != http.StatusServiceUnavailable {
					l.add(t, a, status)
				}
			}
		})
	}
	clients.Wait()
}

// checkStored compares the rows, field by field.
func (l *hostileLedger) checkStored(t *testing.T, s *shop) {
	t.Helper()
	const columns = "hex(user_agent) as agent, hex(referrer) as referrer, hex(page_url) as url, hex(os) as os, hex(browser) as browser," +
		" hex(properties) as properties, hex(ip) as ip, toString(session_id) as session, toUnixTimestamp64Milli(timestamp) as at"
	rows := map[string]tuple{}
	for _, row := range s.query(t, "select toString(event_id) as id, "+columns+" from $db.events_raw") {
		if rows[row.text("id")] != nil {
			t.Errorf("event %s is there twice", row.text("id"))
		}
		rows[row.text("id")] = row
	}
	if len(rows) != len(l.stored) {
		t.Errorf("%d events are stored, %d were accepted", len(rows), len(l.stored))
	}
	for _, v := range l.stored {
		row := rows[v.id]
		if row == nil {
			t.Errorf("%s is answered 202 and not stored", v.why)
			continue
		}
		for column, want := range v.columns() {
			got, err := hex.DecodeString(row.text(column))
			if err != nil || string(got) != want {
				t.Errorf("%s: %s is stored as %.200q, want %.200q", v.why, column, got, want)
			}
		}
		at, _ := strconv.ParseInt(row.text("at"), 10, 64)
		if off := time.UnixMilli(at).Sub(v.happened); off.Abs() > v.about || row.text("session") != v.session {
			t.Errorf("%s: stored at %v, want %v", v.why, time.UnixMilli(at).UTC(), v.happened)
		}
	}
}

// checkRefused compares the bytes of what was refused.
func (l *hostileLedger) checkRefused(t *testing.T, s *shop) {
	t.Helper()
	o := s.run(t, "events", "rejected", "list", "--limit", "1000000", "--output", "json")
	var kept []struct {
		Reason, Raw string
		Base64      string `json:"raw_base64"`
		Bytes       int
	}
	if err := json.NewDecoder(strings.NewReader(o.stdout)).Decode(&kept); err != nil {
		t.Fatal(err)
	}
	got, want := map[keptRefusal]int{}, map[keptRefusal]int{}
	for _, k := range kept {
		raw := []byte(k.Raw)
		if k.Base64 != "" {
			raw, _ = base64.StdEncoding.DecodeString(k.Base64)
		}
		if len(raw) < k.Bytes { // of what is very long the beginning is kept
			raw = fmt.Appendf(bytes.Clone(raw[:1000]), "… %d", k.Bytes)
		}
		got[keptRefusal{string(raw), k.Reason}]++
	}
	for _, r := range l.refused {
		r.raw = strings.ReplaceAll(r.raw, "203.0.113.77", "203.0.113.0") // no address is kept whole
		if len(r.raw) > 1<<20 {
			r.raw = fmt.Sprintf("%s… %d", r.raw[:1000], len(r.raw))
		}
		want[r]++
	}
	if !maps.Equal(got, want) {
		differ(t, got, want)
	}
}

func differ(t *testing.T, got, want map[keptRefusal]int) {
	t.Helper()
	for r, n := range want {
		if got[r] != n {
			t.Errorf("refused for %s and kept %d times, want %d: %.200q", r.reason, got[r], n, r.raw)
		}
	}
	for r, n := range got {
		if want[r] == 0 {
			t.Errorf("kept %d times as %s, and never sent: %.200q", n, r.reason, r.raw)
		}
	}
}

// peakMemory is the most that a process has taken; ok is false where the host does
// not say it.
func peakMemory(t testing.TB, cmd *exec.Cmd) (bytes int, ok bool) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		return 0, false
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the collector took %d MB", kilobytes>>10)
	return kilobytes << 10, true
}

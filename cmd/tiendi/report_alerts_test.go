package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/report/delivery"
	"github.com/tiendi/tiendi/internal/report/delivery/deliverytest"
)

// alertHook is a page that takes alerts, and wants them signed.
type alertHook struct {
	url    string
	mu     sync.Mutex
	bodies []string
}

func newAlertHook(t *testing.T) *alertHook {
	t.Helper()
	h := &alertHook{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		stamp, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("X-Tiendi-Signature"), "t="), ",")
		at, timeErr := strconv.ParseInt(stamp, 10, 64)
		if err != nil || timeErr != nil || r.Header.Get("X-Tiendi-Signature") != delivery.Sign("s3cret", time.Unix(at, 0), body) {
			t.Errorf("not signed: %v", r.Header)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.bodies = append(h.bodies, string(body))
	}))
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// checkAlerts sends a day's alerts, is killed after the first, and has the night send the rest:
// to each vendor who has any his own, to administrators and the webhook all, to nobody twice.
func checkAlerts(t *testing.T, s *shop, day string) {
	found := s.anomalies(t, "--date", day)
	stores := map[string]vendorStore{}
	for _, row := range s.query(t, "select id, name, email, language from $db.stores") {
		stores[row.text("id")] = vendorStore{id: row.text("id"), name: row.text("name"), email: row.text("email"), language: row.text("language")}
	}
	told := map[string]vendorStore{reportAdmin: {}}
	for _, a := range append(found.Alerts, found.Continuing...) {
		if store, ok := stores[a.StoreID]; ok && store.email != "" {
			told[store.email] = store
		}
	}
	t.Logf("%d alerts, of %d stores", len(found.Alerts)+len(found.Continuing), len(told)-1)

	inbox, hook := deliverytest.Start(t, nil), newAlertHook(t)
	command := func(args ...string) *exec.Cmd {
		cmd := mails(s.command(args...), inbox)
		cmd.Env = append(cmd.Env, "TIENDI_REPORT_WEBHOOK="+hook.url, "TIENDI_REPORT_WEBHOOK_SECRET=s3cret")
		return cmd
	}
	send := []string{"report", "anomalies", "--send", "--date", day}
	text, err := command(append(send, "--dry-run", "--output", "json")...).Output()
	var planned []struct{ State, To, Message string }
	if err != nil || json.Unmarshal(text, &planned) != nil || len(inbox.Letters()) != 0 {
		t.Fatalf("the dry run: %v, %d letters\n%s", err, len(inbox.Letters()), text)
	}
	for _, p := range planned {
		if _, is := told[p.To]; p.To != "" && is != (p.State == "to send") {
			t.Errorf("planned %+v", p)
		}
	}
	var taken atomic.Int32
	killed := command(send...)
	inbox.Taken = func(deliverytest.Letter) {
		if taken.Add(1) == 1 {
			_ = killed.Process.Kill()
		}
	}
	if out, err := killed.CombinedOutput(); err == nil {
		t.Fatalf("the run was not killed: %s", out)
	}
	inbox.Taken = nil
	if out, err := command("etl", "--date", day, "--max-wait", "0").CombinedOutput(); err != nil || !strings.Contains(string(out), "the alerts were sent") {
		t.Fatalf("the night after: %v\n%s", err, out)
	}
	if out, err := command(send...).CombinedOutput(); err != nil || !strings.Contains(string(out), "0 reports sent, "+strconv.Itoa(len(told)+1)+" before") {
		t.Errorf("once more: %v\n%s", err, out)
	}
	hook.check(t, found)
	checkAlertLetters(t, inbox, told, stores)
}

// check wants the platform's alerts to be posted, once but for the run that was killed.
func (h *alertHook) check(t *testing.T, found printedAnomalies) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	alerts := 0
	for _, body := range h.bodies {
		if strings.Contains(body, "Alerts of") {
			alerts++
			if !strings.Contains(body, "Platform, Sessions: ") || !strings.Contains(body, strconv.Itoa(len(found.Alerts)+len(found.Continuing))+" of the") {
				t.Errorf("posted %s", body)
			}
		}
	}
	if alerts < 1 || alerts > 2 {
		t.Errorf("%d posts of alerts: %q", alerts, h.bodies)
	}
}

// checkAlertLetters wants a letter of alerts for each who has any, of nobody else's store.
func checkAlertLetters(t *testing.T, inbox *deliverytest.Inbox, told, stores map[string]vendorStore) {
	t.Helper()
	copies := map[string]map[string]int{}
	total := 0
	for _, letter := range inbox.Letters() {
		if !strings.Contains(letter.Subject, "Alerts of") && !strings.Contains(letter.Subject, "Avisos del") {
			continue // the night sends reports as well
		}
		mine, ok := told[letter.To]
		if !ok {
			t.Errorf("a letter to %s, of %q", letter.To, letter.Subject)
		}
		total++
		if copies[letter.To] == nil {
			copies[letter.To] = map[string]int{}
		}
		copies[letter.To][letter.ID]++
		if letter.To == reportAdmin {
			if !strings.Contains(letter.Text, "Sessions") || !strings.Contains(letter.HTML, "platform and stores") {
				t.Errorf("the administrators': %s", letter.Text)
			}
			continue
		}
		if !strings.Contains(letter.Subject, mine.name) || !strings.Contains(letter.HTML, `<html lang="`+mine.language+`">`) {
			t.Errorf("the letter to %s: %q", mine.name, letter.Subject)
		}
		for _, other := range stores {
			if other.id != mine.id && other.name != mine.name && strings.Contains(letter.Text+letter.HTML, other.name) {
				t.Errorf("the letter to %s holds %s", mine.name, other.name)
			}
		}
	}
	if len(copies) != len(told) || total > len(told)+2 {
		t.Errorf("%d letters to %d of %d readers: two connections may double two", total, len(copies), len(told))
	}
	for to, ids := range copies {
		if len(ids) != 1 {
			t.Errorf("copies to %s differ in their Message-ID: %v", to, ids)
		}
	}
}

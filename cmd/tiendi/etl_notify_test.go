package main

import (
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/tiendi/tiendi/internal/report/delivery/deliverytest"
)

// TestETLRefusedMailbox has a mailbox that refuses for good: the night tells of it and ends
// well, everybody else has the report once, and the mailbox once it is there again.
func TestETLRefusedMailbox(t *testing.T) {
	t.Parallel()
	s := backfillShop(t)
	inbox := deliverytest.Start(t, nil)
	stores := s.query(t, "select email from $db.stores where email != '' order by email")
	if len(stores) < 2 {
		t.Fatalf("%d stores have an address", len(stores))
	}
	gone := stores[0].text("email")
	var refusing sync.Map // addresses
	refusing.Store(gone, true)
	inbox.Refuse = func(to string) error {
		if _, is := refusing.Load(to); is {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
		}
		return nil
	}
	night := func() string {
		t.Helper()
		cmd := mails(s.command("etl", "--date", "2026-04-06", "--max-wait", "0", "--restart"), inbox)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("the night: %v\n%s", err, out)
		}
		return string(out)
	}
	letters := func() (of map[string]int) {
		of = map[string]int{}
		for _, letter := range inbox.Letters() {
			of[letter.To]++
		}
		return of
	}
	first := night()
	for _, says := range []string{"the reports were sent, but for 1 that were refused", "a report could not be sent", gone, "no such mailbox"} {
		if !strings.Contains(first, says) {
			t.Errorf("the night does not say %q:\n%s", says, first)
		}
	}
	had := letters()
	if had[gone] != 0 || had[reportAdmin] != 1 || had[stores[1].text("email")] != 1 {
		t.Errorf("letters: %v", had)
	}
	refusing.Delete(gone)
	if second := night(); strings.Contains(second, "refused") {
		t.Errorf("the mailbox is there again:\n%s", second)
	}
	had[gone] = 1
	for to, n := range letters() {
		if n != had[to] {
			t.Errorf("%s has %d letters, want %d", to, n, had[to])
		}
	}
	if n := letters()[gone]; n != 1 {
		t.Errorf("the mailbox has %d letters", n)
	}
}

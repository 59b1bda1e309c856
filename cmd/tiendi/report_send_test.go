package main

import (
	"encoding/json"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/report/delivery/deliverytest"
)

const reportAdmin = "admin@shop.example"

// mails gives commands a server of mail.
func mails(cmd *exec.Cmd, inbox *deliverytest.Inbox) *exec.Cmd {
	cmd.Env = append(cmd.Env, "TIENDI_REPORT_SMTP=smtp://"+inbox.Address, "TIENDI_REPORT_TLS=none", "TIENDI_REPORT_CONNECTIONS=2",
		"TIENDI_REPORT_FROM=Shop <reports@shop.example>", "TIENDI_REPORT_ADMINS="+reportAdmin, "TIENDI_REPORT_LANGUAGE=en")
	return cmd
}

// vendorStore is a store as the warehouse has it.
type vendorStore struct{ id, name, email, language, gmv string }

// checkSending sends the day's reports, is killed in the midst of it, and goes on: everybody gets
// his own figures and nobody else's.
func checkSending(t *testing.T, s *shop, day string) {
	stores := map[string]vendorStore{}
	for _, row := range s.query(t, "select id, name, email, language, toString(ifNull(sumIf(f.subtotal, f.is_placed and f.date = '"+day+"'), 0)) as gmv from $db.stores left join $db.order_item_facts as f on f.store_id = id group by all") {
		stores[row.text("email")] = vendorStore{row.text("id"), row.text("name"), row.text("email"), row.text("language"), row.text("gmv")}
	}
	if len(stores) < 10 {
		t.Fatalf("%d stores have an address of their own", len(stores))
	}
	inbox := deliverytest.Start(t, nil)
	args := []string{"report", "daily", "--send", "--date", day, "--send-empty"}
	list := mails(s.command(append(args, "--dry-run", "--output", "json")...), inbox)
	text, err := list.Output()
	var planned []struct{ State, To, Store_id, Language string } //nolint:revive // as the column is called
	if err != nil || json.Unmarshal(text, &planned) != nil || len(planned) != len(stores)+1 || len(inbox.Letters()) != 0 {
		t.Fatalf("the dry run: %v, %d letters\n%s", err, len(inbox.Letters()), text)
	}
	for _, p := range planned {
		if store := stores[p.To]; p.State != "to send" || p.To != reportAdmin && (store.id != p.Store_id || store.language != p.Language) {
			t.Errorf("planned %+v, the store is %+v", p, store)
		}
	}

	const killAt = 5
	var taken atomic.Int32
	killed := mails(s.command(args...), inbox)
	inbox.Taken = func(deliverytest.Letter) {
		if taken.Add(1) == killAt {
			_ = killed.Process.Kill()
		}
	}
	if out, err := killed.CombinedOutput(); err == nil {
		t.Fatalf("the run was not killed: %s", out)
	}
	inbox.Taken = nil
	first := len(inbox.Letters())
	for range 2 { // the second has nothing to do
		if out, err := mails(s.command(args...), inbox).CombinedOutput(); err != nil {
			t.Fatalf("the run after: %v\n%s", err, out)
		}
	}
	copies := map[string]map[string]int{} // by address and Message-ID
	total := 0
	for _, letter := range inbox.Letters() {
		if copies[letter.To] == nil {
			copies[letter.To] = map[string]int{}
		}
		copies[letter.To][letter.ID]++
		total++
		checkLetter(t, letter, stores)
	}
	t.Logf("%d letters before the kill, %d in all, to %d readers", first, total, len(copies))
	if first >= len(stores) || len(copies) != len(stores)+1 || total > len(copies)+2 {
		t.Errorf("%d letters to %d of %d readers: two connections may double two", total, len(copies), len(stores)+1)
	}
	for to, ids := range copies {
		if len(ids) != 1 {
			t.Errorf("copies to %s differ in their Message-ID: %v", to, ids)
		}
	}
	checkSendingFailures(t, s, inbox, stores)
}

// checkLetter wants a letter to hold its reader's figures, and no other store's.
func checkLetter(t *testing.T, letter deliverytest.Letter, stores map[string]vendorStore) {
	t.Helper()
	if letter.To == reportAdmin {
		if !strings.Contains(letter.Text, "whole platform") {
			t.Errorf("the administrator's: %s", letter.Text)
		}
		return
	}
	mine, ok := stores[letter.To]
	if !ok || !strings.Contains(letter.Text, mine.name) {
		t.Errorf("a letter to %s, of %q", letter.To, letter.Subject)
	}
	for _, other := range stores {
		if other.id != mine.id && other.name != mine.name && (strings.Contains(letter.Text+letter.HTML, other.name) || strings.Contains(letter.HTML, other.id)) {
			t.Errorf("the letter to %s holds %s", mine.name, other.name)
		}
	}
	figure := decimal.RequireFromString(mine.gmv).StringFixed(2)
	figure = console.Thousands(figure)
	if mine.language == "es" {
		figure = strings.NewReplacer(",", ".", ".", ",").Replace(figure)
	}
	if !strings.Contains(letter.HTML, ">"+figure+"<") || !strings.Contains(letter.HTML, `<html lang="`+mine.language+`">`) {
		t.Errorf("the letter to %s lacks its gmv, %s, or is not in %s", mine.name, figure, mine.language)
	}
}

// checkSendingFailures wants a mailbox that is not there told, with exit code 1, and all
// others served; and the figures of a week be sent as well.
func checkSendingFailures(t *testing.T, s *shop, inbox *deliverytest.Inbox, stores map[string]vendorStore) {
	inbox.Clear()
	var gone string
	for email := range stores {
		gone = email
	}
	inbox.Refuse = func(to string) error {
		if to == gone {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
		}
		return nil
	}
	cmd := mails(s.command("report", "weekly", "--send", "--send-empty", "--output", "csv"), inbox)
	out, err := cmd.Output()
	if err == nil || cmd.ProcessState.ExitCode() != exitFailed || !strings.Contains(string(out), "failed,mail,"+gone) || !strings.Contains(string(out), "no such mailbox") {
		t.Errorf("a mailbox that is not there: %v\n%s", err, out)
	}
	if n := len(inbox.Letters()); n != len(stores) { // all but one, and the administrator
		t.Errorf("%d letters of the week, %d stores", n, len(stores))
	}
	if o := s.try(t, "report", "daily", "--send"); o.code != exitUsage || !strings.Contains(o.stderr, "report.smtp") {
		t.Errorf("nothing is set up: %d, %s", o.code, o.stderr)
	}
}

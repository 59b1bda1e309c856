package profile

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
)

// Report is how reports are sent: by a server of mail, and to a webhook. What is empty is
// not used.
type Report struct {
	SMTP          Secret   // smtp://user:password@host:port, smtps:// with TLS from the first byte
	TLS           string   // of smtp://: required (the standard), offered or none
	From          string   // name and address
	Admins        []string // addresses that get the platform's report
	Language      string   // of readers whose own is not known: en or es
	Connections   int      // at once; 0 for the sender to decide
	Webhook       Secret   // URL that gets the platform's report
	WebhookSecret Secret   // that signs it
}

// mailServer takes the URL of a server of mail. A wrong one is not repeated: it may hold a
// password.
func (v value) mailServer(to *Secret) error {
	var text string
	if err := v.text(&text); err != nil {
		return err
	}
	if text != "" {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
			return errors.New("must be a URL, smtp://user:password@host:587 or smtps://user:password@host:465; other signs than letters and digits of a password as %XX")
		}
	}
	*to = Secret(text)
	return nil
}

// address takes an address of mail, with a name or without.
func (v value) address(to *string) error {
	var text string
	if err := v.text(&text); err != nil {
		return err
	}
	if _, err := mail.ParseAddress(text); text != "" && err != nil {
		return fmt.Errorf("is %q, which is no address: write reports@shop.example, or Shop <reports@shop.example>", text)
	}
	*to = text
	return nil
}

func (v value) addresses(to *[]string) error {
	if err := v.texts(to); err != nil {
		return err
	}
	for _, text := range *to {
		var one string
		if err := (value{v: text}).address(&one); err != nil {
			return err
		}
	}
	return nil
}

// hook takes the URL of a webhook, which says who may post, and so is not repeated.
func (v value) hook(to *Secret) error {
	var text string
	if err := v.page(&text, "must be a URL, as https://hooks.slack.com/services/…"); err != nil {
		return err
	}
	*to = Secret(text)
	return nil
}

// settleReport checks that mail has a sender.
func (r *reader) settleReport(s *Settings) {
	if s.Report.SMTP != "" && s.Report.From == "" {
		r.wrong(s, "report.from is missing: say whom mail is from, as in Shop <reports@shop.example>")
	}
	if s.Report.TLS != "" && strings.HasPrefix(s.Report.SMTP.Reveal(), "smtps:") {
		r.wrong(s, "report.tls is of smtp://: smtps:// has TLS from the first byte")
	}
}

package profile

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	for _, c := range []struct {
		env     map[string]string
		problem string
	}{
		{map[string]string{"SMTP": "smtp://user:secret@mail.example:587", "FROM": "Shop <reports@shop.example>", "ADMINS": "a@b.example, B <c@d.example>"}, ""},
		{map[string]string{"SMTP": "smtps://mail.example", "FROM": "reports@shop.example", "LANGUAGE": "es", "CONNECTIONS": "4"}, ""},
		{map[string]string{"WEBHOOK": "https://hooks.slack.example/secret", "WEBHOOK_SECRET": "secret"}, ""},
		{map[string]string{"SMTP": "mail.example:587", "FROM": "reports@shop.example"}, "must be a URL, smtp://"},
		{map[string]string{"SMTP": "http://user:secret@mail.example", "FROM": "reports@shop.example"}, "must be a URL, smtp://"},
		{map[string]string{"SMTP": "smtp://:587", "FROM": "reports@shop.example"}, "must be a URL, smtp://"},
		{map[string]string{"SMTP": "smtp://mail.example?tls=none", "FROM": "reports@shop.example"}, "must be a URL, smtp://"},
		{map[string]string{"SMTP": "smtp://mail.example"}, "report.from is missing"},
		{map[string]string{"SMTP": "smtps://mail.example", "FROM": "reports@shop.example", "TLS": "none"}, "report.tls is of smtp://"},
		{map[string]string{"FROM": "somebody"}, "is no address"},
		{map[string]string{"ADMINS": "a@b.example, nobody"}, "is no address"},
		{map[string]string{"LANGUAGE": "fr"}, `is "fr"`},
		{map[string]string{"TLS": "perhaps"}, `is "perhaps"`},
		{map[string]string{"WEBHOOK": "hooks.slack.example/secret"}, "must be a URL, as https://"},
	} {
		s, err := Load(Options{ProjectDir: t.TempDir(), LookupEnv: func(name string) (string, bool) {
			name, ours := strings.CutPrefix(name, "TIENDI_REPORT_")
			value, given := c.env[name]
			return value, ours && given
		}})
		switch {
		case c.problem == "" && (err != nil || s.Report.SMTP.Reveal() != c.env["SMTP"] || s.Report.From != c.env["FROM"] || s.Report.Webhook.Reveal() != c.env["WEBHOOK"]):
			t.Errorf("%v: got %+v, %v", c.env, s.Report, err)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem) || strings.Contains(err.Error(), "secret")):
			t.Errorf("%v: got %v", c.env, err)
		}
	}
}

package enrich

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/tiendi/tiendi/internal/event"
)

// bots is the project's own var.
const bots = `(?i)bot\b|crawler|spider|slurp|headless|lighthouse|python-requests|curl/`

func enricher(t testing.TB, o Options) *Enricher {
	t.Helper()
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// networkFile writes a MaxMind file of networks and their records.
func networkFile(t *testing.T, records map[string]mmdbtype.Map) string {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "Test-Country", IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	for cidr, record := range records {
		_, network, err := net.ParseCIDR(cidr)
		if err != nil {
			t.Fatal(err)
		}
		if err := tree.Insert(network, record); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "test.mmdb")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := tree.WriteTo(f); err != nil {
		t.Fatal(err)
	}
	return path
}

func in(code string) mmdbtype.Map {
	return mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String(code), "names": mmdbtype.Map{"en": mmdbtype.String("A country")}}}
}

func TestCountries(t *testing.T) {
	e := enricher(t, Options{Countries: networkFile(t, map[string]mmdbtype.Map{
		"192.0.2.0/25": in("MX"), "192.0.2.128/25": in("CO"), "2001:db8:484::/48": in("MX"),
		"198.51.100.0/24": {"continent": mmdbtype.Map{"code": mmdbtype.String("SA")}},
	})})
	for ip, want := range map[string][2]string{
		"192.0.2.77": {"MX", "192.0.2.0"}, "192.0.2.0": {"MX", "192.0.2.0"}, "192.0.2.200": {"CO", "192.0.2.0"}, "::ffff:192.0.2.200": {"CO", "192.0.2.0"},
		"2001:db8:484:1::7": {"MX", "2001:db8:484::"}, "2001:db8:1::1": {"", "2001:db8:1::"}, "198.51.100.7": {"", "198.51.100.0"},
		"203.0.113.9": {"", "203.0.113.0"}, "somewhere": {"", ""}, "": {"", ""}, "192.0.2.1%eth0": {"", ""}, "fe80::1%eth0": {"", "fe80::"},
	} {
		ev := event.BaseEvent{Type: event.PageView, Context: event.Context{IP: ip}}
		if extra := e.Enrich(&ev); extra.Country != want[0] || ev.Context.IP != want[1] {
			t.Errorf("%s: got %q and %q, want %q", ip, extra.Country, ev.Context.IP, want)
		}
	}
}

func TestEnrich(t *testing.T) {
	e := enricher(t, Options{Bots: bots, Web: func(typ event.Type) bool { return typ == "wish_added" || typ.Web() }})
	phone := iphone + "Version/26.0 Mobile/15E148 Safari/604.1"
	gpt := "Mozilla/5.0 (compatible; NewBot/1.0; +https://bots.example)"
	for _, c := range []struct {
		typ  event.Type
		at   event.Context
		want event.Context
		bot  bool
	}{
		{event.PageView, event.Context{UserAgent: phone}, event.Context{UserAgent: phone, DeviceType: event.Mobile, OS: "iOS", Browser: "Safari"}, false},
		{event.PageView, event.Context{UserAgent: phone, DeviceType: event.Tablet, OS: "x"}, event.Context{UserAgent: phone, DeviceType: event.Tablet, OS: "x", Browser: "Safari"}, false},
		{event.PageView, event.Context{}, event.Context{}, false},
		{"wish_added", event.Context{UserAgent: phone}, event.Context{UserAgent: phone, DeviceType: event.Mobile, OS: "iOS", Browser: "Safari"}, false},
		{event.APIRequest, event.Context{UserAgent: phone}, event.Context{UserAgent: phone}, false},
		{event.PageView, event.Context{UserAgent: "curl/8", DeviceType: event.Desktop, OS: "a", Browser: "b"}, event.Context{UserAgent: "curl/8", DeviceType: event.Desktop, OS: "a", Browser: "b"}, true},
		{event.APIRequest, event.Context{UserAgent: "curl/8"}, event.Context{UserAgent: "curl/8"}, true},
		{event.PageView, event.Context{UserAgent: gpt, DeviceType: event.Desktop, OS: "a", Browser: "b"}, event.Context{UserAgent: gpt, DeviceType: event.Desktop, OS: "a", Browser: "b"}, true},
		{event.APIRequest, event.Context{UserAgent: "Hook/1.0 (+https://hooks.example)"}, event.Context{UserAgent: "Hook/1.0 (+https://hooks.example)"}, false},
	} {
		ev := event.BaseEvent{Type: c.typ, Context: c.at}
		if extra := e.Enrich(&ev); ev.Context != c.want || extra.Bot != c.bot || extra.Source != "direct" {
			t.Errorf("%s %+v: got %+v, %+v", c.typ, c.at, ev.Context, extra)
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	text := filepath.Join(t.TempDir(), "text.mmdb")
	if err := os.WriteFile(text, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	other := networkFile(t, map[string]mmdbtype.Map{"192.0.2.0/24": {"autonomous_system_number": mmdbtype.Uint32(64496)}})
	for _, c := range []struct {
		options Options
		want    string
	}{
		{Options{Countries: filepath.Join(t.TempDir(), "none.mmdb")}, "no such file or directory\n  name a MaxMind file"},
		{Options{Countries: text}, "is no whole MaxMind file"},
		{Options{Countries: other}, "(Test-Country) holds no countries\n  name a MaxMind file"},
		{Options{Bots: "a(b"}, "missing closing ): `a(b`\n  write a regular expression"},
	} {
		if _, err := New(c.options); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v gave %v, want %s", c.options, err, c.want)
		}
	}
}

// TestBotsAsInSQL holds what match() of the engine says and Go's standard does
// not: a dot stands for a newline.
func TestBotsAsInSQL(t *testing.T) {
	e := enricher(t, Options{Bots: "a.b"})
	ev := event.BaseEvent{Type: event.APIRequest, Context: event.Context{UserAgent: "a\nb"}}
	if !e.Enrich(&ev).Bot {
		t.Error("the user agent is no bot")
	}
}

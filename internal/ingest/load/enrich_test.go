package load_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/tiendi/tiendi/internal/event/enrich"
	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// mexico is a country file of one network.
func mexico(t *testing.T) string {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "Test-Country", IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	_, network, err := net.ParseCIDR("203.0.113.0/24")
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.Insert(network, mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String("MX")}}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "countries.mmdb")
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

func enrichedBy(t *testing.T, o load.Options, by enrich.Options) load.Options {
	t.Helper()
	e, err := enrich.New(by)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	o.Enricher = e
	return o
}

const (
	visitor = `context={"ip":"203.0.113.77","user_agent":"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1","page_url":"https://x.example/?utm_source=News%20Letter"}`
	robot   = `context={"ip":"198.51.100.7","user_agent":"probe/1","page_url":"https://x.example/","referrer":"https://www.google.com/","device_type":"tablet","os":"Mine","browser":"Own"}`
)

func TestEventsAreEnriched(t *testing.T) {
	db := warehousetest.Open(t)
	ndjson := write(t, "events.ndjson", eventLine(1, visitor)+eventLine(2, robot)+eventLine(3, "-context"))
	o := options(t, db, ndjson)
	o.Now = fixed
	run(t, enrichedBy(t, o, enrich.Options{Bots: "probe/", Countries: mexico(t)}))
	columns := "arraySort(groupArray((toUInt8(substring(toString(event_id), 36)), ip, device_type, os, browser, country, traffic_source, is_bot)))"
	want := "[(1,'203.0.113.0','mobile','iOS','Safari','MX','news letter',0),(2,'198.51.100.0','tablet','Mine','Own','','search',1),(3,'','','','','','direct',0)]"
	if got := value(t, db, "SELECT "+columns+" FROM events_raw"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	o.Reload = true
	for _, f := range run(t, enrichedBy(t, o, enrich.Options{Bots: "iPhone"})).Files {
		if f.Rows != 3 || f.New != 0 {
			t.Errorf("with another country file and other bots, %d of %d rows are new", f.New, f.Rows)
		}
	}
}

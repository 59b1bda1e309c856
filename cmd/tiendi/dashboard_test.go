package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/tiendi/tiendi/internal/browsertest"
	"github.com/tiendi/tiendi/internal/serve/dashboard"
)

// page is the dashboard as somebody has it open.
type page struct {
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	failed []string // what the browser complained of
}

// maxPages is what the dashboard may weigh, as it is sent.
const maxPages = 200 << 10

// testDashboard opens the dashboard as an administrator and as a vendor, on a desk and on a
// phone, in both themes and languages.
func testDashboard(t *testing.T, s *shop) {
	if n := dashboard.Size(); n > maxPages {
		t.Errorf("the pages have %d bytes", n)
	}
	cmd := s.command("serve", "--listen", "127.0.0.1:0")
	address := startServer(t, cmd)
	defer terminate(t, cmd)
	first := s.query(t, "select store_id, any(name) as name from $db.order_item_facts as f join $db.dim_store using store_id where is_placed group by store_id order by sum(subtotal) desc limit 2")
	vendor, other := first[0].text("name"), first[1].text("name")
	browser := browsertest.Start(t)
	for _, c := range []struct {
		name, language, theme string
		width, height         int64
		token                 []string
		query                 []string
		title                 string
	}{
		{"administrator", "en", "light", 1440, 900, nil, nil, "Whole platform"},
		{"vendor", "es", "dark", 1440, 900, []string{"--stores", first[0].text("store_id")}, []string{"--stores", first[0].text("store_id")}, vendor},
		{"administrator-phone", "en", "dark", 390, 844, nil, nil, "Whole platform"},
		{"phone", "es", "light", 390, 844, []string{"--stores", first[0].text("store_id")}, []string{"--stores", first[0].text("store_id")}, vendor},
	} {
		token := strings.TrimSpace(s.run(t, append([]string{"token"}, c.token...)...).stdout)
		p := openPage(t, browser, address, token, c.language, c.theme, c.width, c.height)
		text := p.text("document.body.innerText")
		if got := p.text("document.getElementById('title').textContent"); got != c.title {
			t.Errorf("%s: the title is %q, want %q", c.name, got, c.title)
		}
		for _, section := range []string{"series", "funnel", "products", "categories", "sources", "cohorts"} {
			if n := p.text("''+document.querySelectorAll('#" + section + " :is(svg, table, .track)').length"); n == "0" {
				t.Errorf("%s: nothing is drawn of %s", c.name, section)
			}
		}
		if n := p.text("''+document.querySelectorAll('#benchmark tbody tr').length"); (n >= "5") != (c.token != nil) {
			t.Errorf("%s: %s figures are compared with other stores'", c.name, n)
		}
		if c.token != nil && strings.Contains(text, other) {
			t.Errorf("%s: another store's name is there: %s", c.name, other)
		}
		if p.text("''+(document.documentElement.scrollWidth > innerWidth)") == "true" {
			t.Errorf("%s: the page is wider than the screen", c.name)
		}
		if cut := p.text("[...document.querySelectorAll('.heat')].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.innerText).join()"); cut != "" {
			t.Errorf("%s: a table is cut off: %s", c.name, cut)
		}
		if want := s.gmvOfCard(t, c.query, c.language); !strings.Contains(text, want) {
			t.Errorf("%s: the page lacks %s, which tiendi query says\n%s", c.name, want, text)
		}
		p.unusual(c.name, address, token)
		p.keep("dashboard-" + c.name)
		if p.named(); c.name == "vendor" {
			p.onPaper()
			p.keyboard()
		}
		var store []string
		if c.token != nil {
			store = []string{"--store", c.token[1]}
		}
		p.reports(s, c.name, c.language, store)
		for _, complaint := range p.failed {
			t.Errorf("%s: the browser says: %s", c.name, complaint)
		}
	}
	testLinked(t, s, browser, first[0].text("store_id"))
	testEmbed(t, s, browser, address, first[0].text("store_id"))
}

// openPage signs in, and waits until every panel has its answer.
func openPage(t *testing.T, browser context.Context, address, token, language, theme string, width, height int64) *page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(address))
	p.text(fmt.Sprintf(`(() => { localStorage.setItem("tiendi.language", %q); localStorage.setItem("tiendi.theme", %q); return "" })()`, language, theme))
	p.do(chromedp.Navigate("about:blank"), chromedp.Navigate(address+"/#token="+token))
	for end := time.Now().Add(time.Minute); p.text("document.querySelectorAll('section').length > 5 ? document.getElementById('main').getAttribute('aria-busy') : ''") != "false"; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the page is not ready: %s", p.text("document.body.innerText"))
		}
	}
	return p
}

func (p *page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.failed = append(p.failed, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		text, _ := json.Marshal(e.Args)
		p.failed = append(p.failed, string(text))
	}
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *page) text(script string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return text
}

// keep writes a picture where TIENDI_SCREENSHOTS says, for docs.
func (p *page) keep(name string) {
	p.t.Helper()
	dir := os.Getenv("TIENDI_SCREENSHOTS")
	if dir == "" {
		return
	}
	p.until("!document.getElementById('say')?.textContent") // what is said of loading goes away
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644)
	}
	if err != nil {
		p.t.Error(err)
	}
}

// gmvOfCard is what `tiendi query` says of the last 30 days, as the card writes it.
func (s *shop) gmvOfCard(t *testing.T, flags []string, language string) string {
	t.Helper()
	day := s.value(t, "select max(date) from $db.order_item_facts where is_placed")
	end, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	o := s.run(t, append([]string{"query", "--metrics", "gmv", "-o", "csv", "--start-time", end.AddDate(0, 0, -29).Format(time.DateOnly), "--end-time", day}, flags...)...)
	lines := strings.Fields(o.stdout)
	whole, cents, _ := strings.Cut(lines[len(lines)-1], ".")
	separator, point := ",", "."
	if language == "es" {
		separator, point = ".", ","
	}
	var grouped string
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			grouped += separator
		}
		grouped += string(c)
	}
	return grouped + point + cents
}

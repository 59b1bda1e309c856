package main

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// testEmbed has a shop's page show two charts in frames, and a page of nobody that tries to.
func testEmbed(t *testing.T, s *shop, browser context.Context, address, vendor string) {
	host := httptest.NewUnstartedServer(nil)
	shop := "http://" + host.Listener.Addr().String()
	link := func(args ...string) string {
		return strings.TrimSpace(s.run(t, append([]string{"token", "--url", address, "--frame", shop, "--language", "en", "--stores", vendor}, args...)...).stdout)
	}
	line := link("--embed", "gmv", "--group-by", "metric_time__day", "--period", "60d", "--title", "My sales", "--theme", "light")
	ranking := link("--embed", "gmv,units_sold", "--group-by", "product__name", "--theme", "dark")
	host.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>A shop</title><style>body { margin: 24px; font-family: sans-serif } iframe { border: 1px solid #ccc; width: 48%%; height: 420px }</style>
<script>
const seen = { load: 0, message: 0 }
addEventListener("message", (e) => { if (e.origin === %q && e.data.tiendi.height > 100) seen.message++ })
</script>
<h1>The shop's own page</h1><iframe title="sales" src="%s" onload="seen.load++"></iframe> <iframe title="products" src="%s" onload="seen.load++"></iframe>`, address, html.EscapeString(line), html.EscapeString(ranking))
	})
	host.Start()
	defer host.Close()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as that context
		t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(1280, 560))
	if got := p.frames(shop, "load + seen.message === 4"); got != 0 {
		t.Errorf("%d frames are refused to the page that they are for", got)
	}
	p.keep("embed")
	p.do(chromedp.Navigate(line))
	p.ready()
	if got := p.text("document.querySelector('h1').textContent + ' ' + document.querySelectorAll('#chart svg[role=img]').length + ' ' + document.querySelectorAll('#chart details tr').length"); got != "My sales 1 61" {
		t.Errorf("the line: %s", got)
	}
	p.do(chromedp.Navigate(ranking))
	p.ready()
	if got := p.text("document.documentElement.dataset.theme + ' ' + document.querySelectorAll('#chart tbody tr').length"); !strings.HasPrefix(got, "dark ") || got == "dark 0" {
		t.Errorf("the ranking: %s", got)
	}
	// Another port is another origin: the browser shows nothing of it there.
	other := httptest.NewServer(host.Config.Handler)
	defer other.Close()
	if got := p.frames(other.URL, "load === 2"); got != 2 || p.text("''+seen.message") != "0" {
		t.Errorf("%d of 2 frames are refused to another page", got)
	}
}

// frames opens a page, waits until its frames have this, and gives how many are refused.
func (p *page) frames(address, until string) (refused int) {
	p.t.Helper()
	p.do(chromedp.Navigate(address))
	for end := time.Now().Add(time.Minute); p.text("''+(seen."+until+")") != "true"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("the frames are not there: %s", p.text("JSON.stringify(seen)"))
		}
	}
	tree, err := chromedp.Call(p.ctx, cdppage.GetFrameTree, cdp.Empty{})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, child := range tree.FrameTree.ChildFrames {
		if strings.HasPrefix(child.Frame.URL, "chrome-error:") {
			refused++
		}
	}
	return refused
}

// ready waits until the chart is there.
func (p *page) ready() {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); p.text("document.getElementById('main')?.getAttribute('aria-busy') ?? ''") != "false"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("the chart is not ready: %s", p.text("document.body.innerText"))
		}
	}
}

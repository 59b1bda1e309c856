package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/tiendi/tiendi/internal/browsertest"
)

// checkPages looks at reports as pages, on a desk and on a phone: nothing is fetched or run,
// nothing is wider than the screen.
func checkPages(t *testing.T, s *shop) {
	store := s.query(t, "select store_id, any(name) as name from $db.order_item_facts as f join $db.dim_store using store_id where is_placed group by store_id order by sum(subtotal) desc limit 1")[0]
	browser := browsertest.Start(t)
	for name, args := range map[string][]string{
		"weekly-administrator": {"weekly"}, "cohorts-administrator": {"cohorts"},
		"daily-vendor": {"daily", "--store", store.text("store_id"), "--language", "es"}, "funnel-vendor": {"funnel", "--store", store.text("store_id"), "--language", "es"},
	} {
		markup := s.run(t, append([]string{"report", "--output", "html"}, args...)...).stdout
		for _, foreign := range []string{"<script", "<link", "<img", "src=", "@import", "url("} {
			if strings.Contains(markup, foreign) {
				t.Errorf("%s: the page has %s", name, foreign)
			}
		}
		file := filepath.Join(s.dir, name+".html")
		if err := os.WriteFile(file, []byte(markup), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, view := range []struct {
			name, theme   string
			width, height int64
		}{{"", "light", 1440, 900}, {"-phone", map[bool]string{true: "dark", false: "light"}[name == "funnel-vendor"], 390, 844}} {
			ctx, cancel := chromedp.NewContext(browser)
			if err := chromedp.Do(ctx); err != nil { // the tab lives as long as this context
				t.Fatal(err)
			}
			p := &page{t: t, ctx: ctx}
			p.do(chromedp.EmulateViewport(view.width, view.height), themed(view.theme), chromedp.Navigate("file://"+file))
			if p.text("''+(document.documentElement.scrollWidth > innerWidth)") == "true" {
				t.Errorf("%s%s: the page is wider than the screen", name, view.name)
			}
			if cut := p.text("[...document.querySelectorAll('div')].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.innerText).join()"); cut != "" {
				t.Errorf("%s%s: a table is cut off: %s", name, view.name, cut)
			}
			if text := p.text("document.body.innerText"); strings.Contains(markup, store.text("store_id")) || args[0] != "weekly" && args[0] != "cohorts" && !strings.Contains(text, store.text("name")) {
				t.Errorf("%s: the page is not of %s:\n%s", name, store.text("name"), text)
			}
			p.keep("report-" + name + view.name)
			cancel()
		}
	}
}

// themed has pages believe that the reader's screen is dark, or light.
func themed(theme string) chromedp.Action[chromedp.Void] {
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	})
}

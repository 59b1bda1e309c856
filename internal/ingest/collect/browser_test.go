package collect

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/tiendi/tiendi/internal/event"
)

// visit is a visitor of a shop whose pages bring the tracker, with a profile of
// its own.
type visit struct {
	*site
	t    *testing.T
	ctx  context.Context
	shop *httptest.Server

	mu       sync.Mutex
	requests []string // methods and paths that came to the collector
	times    []time.Time
}

// visitor opens a shop and a collector for it.
func visitor(t *testing.T, browser context.Context, change func(*Options)) *visit {
	t.Helper()
	v := &visit{t: t}
	v.shop = httptest.NewServer(http.HandlerFunc(v.page))
	t.Cleanup(v.shop.Close)
	v.site = open(t, func(o *Options) {
		o.Now, o.Origins = time.Now, []string{v.shop.URL}
		if change != nil {
			change(o)
		}
	})
	collector, err := url.Parse(v.site.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(collector)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.mu.Lock()
		v.requests, v.times = append(v.requests, r.Method+" "+r.URL.Path), append(v.times, time.Now())
		v.mu.Unlock()
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	v.site.url = front.URL
	v.ctx = v.tab(browser, chromedp.WithNewBrowserContext())
	return v
}

// tab opens another tab.
func (v *visit) tab(from context.Context, options ...chromedp.ContextOption) context.Context {
	v.t.Helper()
	ctx, cancel := chromedp.NewContext(from, options...)
	v.t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		v.t.Fatal(err)
	}
	return ctx
}

// page is any page of the shop. Its query says what the script tag has, and what
// runs before it.
func (v *visit) page(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.URL.Path == "/elsewhere" || r.URL.Path == "/favicon.ico" {
		return
	}
	fmt.Fprintf(w, `<!doctype html><title>shop</title><script>window.failures=[];window.onerror=(m)=>{failures.push(m)};%s</script>
		<script async src="%s/tiendi.js" data-key="%s" %s></script>`,
		q.Get("before"), v.site.url, html.EscapeString(cmp.Or(q.Get("key"), "web-key")), q.Get("attributes"))
}

// open goes to a page of the shop, and waits until the tracker is there.
func (v *visit) open(path string, query ...string) {
	v.t.Helper()
	v.openIn(v.ctx, path, query...)
}

func (v *visit) openIn(ctx context.Context, path string, query ...string) {
	v.t.Helper()
	values := url.Values{}
	for i := 0; i < len(query); i += 2 {
		values.Set(query[i], query[i+1])
	}
	to := v.shop.URL + path
	if len(values) > 0 {
		to += "?" + values.Encode()
	}
	v.do(ctx, chromedp.Navigate(to))
	eventually(v.t, "the tracker is loaded", func() bool {
		there, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!(window.tiendi && tiendi.track)"))
		return err == nil && there
	})
}

func (v *visit) do(ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.t.Fatal(err)
	}
}

// run runs a script in the page, which gives text.
func (v *visit) run(script string) string {
	v.t.Helper()
	text, err := chromedp.Run(v.ctx, chromedp.Evaluate[string]("(() => { "+script+"; return ''+(window.failures||'') })()"))
	if err != nil {
		v.t.Fatalf("%s: %v", script, err)
	}
	return text
}

// offline cuts the tab off, or connects it again.
func (v *visit) offline(off bool) {
	v.t.Helper()
	v.do(v.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		conditions := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{
			{Offline: off, DownloadThroughput: -1, UploadThroughput: -1},
		}}
		if _, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, conditions); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, network.OverrideNetworkState, network.OverrideNetworkStateParams{
			Offline: off, DownloadThroughput: -1, UploadThroughput: -1,
		})
		return err
	}))
}

// arrived waits for n events, and wants them all different, valid, and no more.
func (v *visit) arrived(n int) []event.BaseEvent {
	v.t.Helper()
	eventually(v.t, fmt.Sprintf("%d events", n), func() bool { return len(v.events.lines(-1)) >= n })
	var all []event.BaseEvent
	ids := map[event.ID]bool{}
	for _, line := range v.events.lines(-1) {
		ev, rejection := v.options.Registry.Parse([]byte(line), time.Now())
		if rejection != nil {
			v.t.Fatalf("%s: %v", line, rejection)
		}
		all = append(all, ev)
		ids[ev.EventID] = true
	}
	if len(all) != n || len(ids) != n {
		v.t.Fatalf("%d events with %d ids came, not %d: %s", len(all), len(ids), n, strings.Join(v.events.lines(-1), "\n"))
	}
	slices.SortStableFunc(all, func(a, b event.BaseEvent) int { return a.Timestamp.Compare(b.Timestamp) })
	return all
}

// asked counts the requests to a path, by its method.
func (v *visit) asked(request string) (times []time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, r := range v.requests {
		if r == request {
			times = append(times, v.times[i])
		}
	}
	return times
}

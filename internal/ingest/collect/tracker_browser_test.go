package collect

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/tiendi/tiendi/internal/browsertest"
	"github.com/tiendi/tiendi/internal/event"
)

// stub is the snippet of docs/collect.md, with calls.
const stub = `window.tiendi=window.tiendi||[];`

// TestTracker drives the tracker in a real browser against a real collector.
func TestTracker(t *testing.T) {
	b := browsertest.Start(t)
	for name, check := range map[string]func(*visit){
		"page view": checkPageView, "calls": checkCalls, "navigation": checkNavigation, "tabs": checkTabs,
		"sessions end": checkSessions, "offline": checkOffline, "unload": checkUnload, "no storage": checkNoStorage,
		"dropped": checkDropped, "rejected": checkRejected, "do not track": checkDoNotTrack, "mistakes": checkMistakes,
		"outage": checkOutage, "phone": checkPhone, "wrong clock": checkClock,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(visitor(t, b, nil))
		})
	}
	t.Run("foreign page", func(t *testing.T) {
		t.Parallel()
		checkDropped(visitor(t, b, func(o *Options) { o.Origins = []string{"https://shop.example"} }))
	})
	t.Run("too fast", func(t *testing.T) {
		t.Parallel()
		checkTooFast(visitor(t, b, func(o *Options) { o.Limits.IPRate = 0.5 }))
	})
}

func checkPageView(v *visit) {
	v.open("/p/1", "a", "b")
	ev := v.arrived(1)[0]
	if ev.Type != event.PageView || ev.Context.PageURL != v.shop.URL+"/p/1?a=b" || ev.Context.Referrer != "" || ev.Context.PageViewID.IsZero() ||
		ev.Context.DeviceType != event.Desktop || !strings.Contains(ev.Context.UserAgent, "Chrome") || ev.Context.OS == "" || ev.Context.Browser == "" ||
		ev.Context.IP == "" || !ev.UserID.IsZero() || time.Since(ev.Timestamp).Abs() > time.Minute {
		v.t.Errorf("got %+v", ev)
	}
	if len(v.asked("OPTIONS /v1/events")) > 0 {
		v.t.Error("the browser asked for leave first")
	}
	if cookies := v.run("failures.push(document.cookie)"); cookies != "" {
		v.t.Errorf("there are cookies or failures: %s", cookies)
	}
}

// checkCalls: calls from before the tracker was there, and after.
func checkCalls(v *visit) {
	v.open("/", "before", stub+`tiendi.push(["track","store_visited",{store_id:"`+uuidB+`"}]);tiendi.push(["identify","`+uuidA+`"])`)
	v.run(`tiendi.page({page_type:"home"}); tiendi.push(["track","add_to_cart",{product_id:"` + uuidA + `",store_id:"` + uuidB + `",quantity:1,price:9.9}])`)
	time.Sleep(5 * time.Millisecond) // for timestamps that tell the order
	v.run(`tiendi.reset(); tiendi.track("page_view")`)
	all := v.arrived(5)
	types := ""
	for _, ev := range all[:4] {
		types += string(ev.Type) + " "
		if ev.UserID.String() != uuidA || ev.Context.PageViewID != all[0].Context.PageViewID || ev.SessionID != all[0].SessionID {
			v.t.Errorf("got %+v", ev)
		}
	}
	if types != "page_view store_visited page_view add_to_cart " || string(all[2].Properties) != `{"page_type":"home"}` || all[1].StoreID.String() != uuidB {
		v.t.Errorf("got %s %+v", types, all)
	}
	if last := all[4]; !last.UserID.IsZero() || last.SessionID == all[0].SessionID {
		v.t.Errorf("after reset: %+v", last)
	}
}

func checkNavigation(v *visit) {
	v.open("/")
	v.run(`history.pushState({}, "", "/a"); history.pushState({}, "", "/a#part"); history.replaceState({}, "", "/b?x=1"); location.hash = "y"`)
	v.run(`history.go(-2)`)
	eventually(v.t, "it went back", func() bool { return v.run("failures[0] = location.pathname") == "/a" })
	got, views := "", map[event.ID]bool{}
	for _, ev := range v.arrived(4) {
		got += fmt.Sprintf("%s<%s ", strings.TrimPrefix(ev.Context.PageURL, v.shop.URL), strings.TrimPrefix(ev.Context.Referrer, v.shop.URL))
		views[ev.Context.PageViewID] = true
	}
	if got != "/< /a</ /b?x=1</a /a</b?x=1 " || len(views) != 4 {
		v.t.Errorf("got %s in %d views", got, len(views))
	}
}

func checkTabs(v *visit) {
	v.open("/")
	other := v.tab(v.ctx)
	v.openIn(other, "/2")
	all := v.arrived(2)
	if all[0].SessionID != all[1].SessionID || all[0].Context.PageViewID == all[1].Context.PageViewID {
		v.t.Errorf("got %+v", all)
	}
}

// checkSessions: idleness and age end a session; so does what is no session.
func checkSessions(v *visit) {
	v.open("/")
	v.run(`const kept = [], [id, start, last] = localStorage["tiendi.session"].split(" ");
		for (const [s, l] of [[0, 29], [0, 31], [23.9*60, 1], [24.1*60, 1], [0, -40]]) {
			localStorage["tiendi.session"] = [id, Date.now() - (s || l) * 60e3, Date.now() - l * 60e3].join(" ");
			tiendi.track("page_view");
			kept.push(localStorage["tiendi.session"].startsWith(id));
		}
		localStorage["tiendi.session"] = "oops 1 2"; tiendi.track("page_view"); failures.push(kept)`)
	if got := v.run(""); got != "true,false,true,false,false" {
		v.t.Errorf("the session goes on: %s", got)
	}
	v.arrived(7)
}

// checkOffline: what happens without a network arrives afterwards, once, and also
// when the page is left meanwhile.
func checkOffline(v *visit) {
	v.open("/")
	v.arrived(1)
	v.offline(true)
	v.run(`for (let i = 0; i < 25; i++) tiendi.track("page_view", {category: "c" + i})`)
	time.Sleep(4 * time.Second)
	v.run(`tiendi.track("page_view", {category: "last"})`)
	if n := len(v.events.lines(-1)); n != 1 {
		v.t.Fatalf("%d events came without a network", n)
	}
	v.offline(false)
	v.run(`window.dispatchEvent(new Event("online"))`)
	v.arrived(27)
	v.offline(true)
	v.run(`tiendi.track("page_view")`)
	v.do(v.ctx, chromedp.Navigate("about:blank"))
	v.offline(false)
	v.open("/again")
	v.arrived(29)
	time.Sleep(3 * time.Second)
	v.arrived(29)
}

// checkUnload: what happens right before the page is left arrives; what is more than
// a beacon takes, from the next page.
func checkUnload(v *visit) {
	v.open("/")
	v.run(`for (let i = 0; i < 18; i++) tiendi.track("page_view"); location.href = "/elsewhere"`)
	v.arrived(19)
	v.open("/long")
	v.run(`for (let i = 0; i < 18; i++) tiendi.track("page_view", {note: "ñ".repeat(3000)}); location.href = "/elsewhere"`)
	eventually(v.t, "some came", func() bool { return len(v.events.lines(-1)) > 19 })
	v.open("/next")
	v.arrived(39)
}

// checkNoStorage: the page remembers for itself.
func checkNoStorage(v *visit) {
	v.open("/", "before", `Object.defineProperty(window,"localStorage",{get(){throw new DOMException("no","SecurityError")}});delete Crypto.prototype.randomUUID`)
	v.run(`tiendi.identify("` + uuidA + `"); tiendi.track("page_view")`)
	all := v.arrived(2)
	if all[0].SessionID != all[1].SessionID || all[1].UserID.String() != uuidA {
		v.t.Errorf("got %+v", all)
	}
	if got := v.run(""); got != "" {
		v.t.Errorf("the page failed: %s", got)
	}
}

// checkDropped: what will never be taken is tried once.
func checkDropped(v *visit) {
	v.open("/", "key", "nobody")
	eventually(v.t, "it was sent", func() bool { return len(v.asked("POST /v1/events")) > 0 })
	time.Sleep(3 * time.Second)
	if n := len(v.asked("POST /v1/events")); n != 1 {
		v.t.Errorf("it was sent %d times", n)
	}
	if left := v.run(`failures.push(localStorage["tiendi.unsent"])`); left != "" {
		v.t.Errorf("kept is %s", left)
	}
}

// checkRejected: what was refused and kept by the collector is not sent again.
func checkRejected(v *visit) {
	v.open("/")
	v.run(`tiendi.track("no_such_type", {a: 1})`)
	v.arrived(1)
	eventually(v.t, "it was refused", func() bool { return len(v.rejected.lines(-1)) > 0 })
	time.Sleep(3 * time.Second)
	if n := len(v.rejected.lines(-1)); n != 1 {
		v.t.Errorf("it was refused %d times", n)
	}
}

func checkDoNotTrack(v *visit) {
	for _, says := range []string{
		`Object.defineProperty(navigator,"doNotTrack",{value:"1"})`, `Object.defineProperty(navigator,"globalPrivacyControl",{value:true})`,
	} {
		v.open("/quiet", "attributes", "data-respect-dnt", "before", says)
		v.run(`tiendi.track("page_view"); tiendi.identify("` + uuidA + `"); tiendi.push(["page"])`)
		if n := v.run("failures.push(localStorage.length)"); n != "0" {
			v.t.Errorf("%s things are stored", n)
		}
	}
	v.open("/heard", "before", `Object.defineProperty(navigator,"doNotTrack",{value:"1"})`) // nobody asked to respect it
	if ev := v.arrived(1)[0]; !strings.Contains(ev.Context.PageURL, "/heard") {
		v.t.Errorf("got %+v", ev)
	}
}

// checkMistakes: nothing that a page does wrong fails there.
func checkMistakes(v *visit) {
	v.open("/", "before", stub+`tiendi.push(["nope"]);tiendi.push(["identify"]);tiendi.push(null)`)
	v.run(`const ring = {}; ring.ring = ring; tiendi.track("page_view", ring); tiendi.track("page_view", {n: 1n});
		tiendi.identify("me"); tiendi.identify(7); tiendi.push(["nope"], 7); tiendi.track(); tiendi.track({}); tiendi.page("x")`)
	v.arrived(1)
	if got := v.run(""); got != "" {
		v.t.Errorf("the page failed: %s", got)
	}
}

// checkOutage: while the collector is away, no more is kept than is bounded.
func checkOutage(v *visit) {
	v.open("/", "attributes", `data-endpoint="http://127.0.0.1:1/"`)
	v.run(`for (let i = 0; i < 250; i++) tiendi.track("page_view", {i})`)
	time.Sleep(5 * time.Second)
	kept := v.run(`const kept = localStorage["tiendi.unsent"]; failures.push(kept.split("\n").length, kept.length <= 65536, kept.includes('{"i":249}'))`)
	if !strings.HasSuffix(kept, ",true,true") || len(strings.Split(kept, ",")[0]) > 3 || kept[0] == '0' {
		v.t.Errorf("kept are %s", kept)
	}
	v.open("/back")
	eventually(v.t, "all came", func() bool { return v.run(`failures[0] = localStorage["tiendi.unsent"]`) == "" })
	v.arrived(len(v.events.lines(-1)))
}

// checkPhone: the device follows from the user agent and touch.
func checkPhone(v *visit) {
	for agent, want := range map[string]event.Device{
		phone: event.Mobile, "Mozilla/5.0 (Linux; Android 13; SM-X200) Safari/537.36": event.Tablet, "Mozilla/5.0 (X11; Linux x86_64)": event.Desktop,
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) Mobile/15E148": event.Mobile, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)": event.Tablet,
	} {
		before := len(v.events.lines(-1))
		v.open("/", "before", `Object.defineProperty(navigator,"userAgent",{value:"`+agent+`"});Object.defineProperty(navigator,"maxTouchPoints",{value:5})`)
		all := v.arrived(before + 1)
		if got := all[before].Context.DeviceType; got != want {
			v.t.Errorf("%s: got %s", agent, got)
		}
	}
}

// checkClock: the collector corrects a clock that is two hours ahead.
func checkClock(v *visit) {
	v.open("/", "before", `const D=Date;Date=class extends D{constructor(...a){a.length?super(...a):super(D.now()+72e5)}static now(){return D.now()+72e5}}`)
	if ev := v.arrived(1)[0]; time.Since(ev.Timestamp).Abs() > time.Minute {
		v.t.Errorf("got %v", ev.Timestamp)
	}
}

// checkTooFast: a collector that says when to come back is asked no sooner.
func checkTooFast(v *visit) {
	v.open("/")
	v.arrived(1)
	v.run(`for (let i = 0; i < 20; i++) tiendi.track("page_view")`)
	v.run(`for (let i = 0; i < 20; i++) tiendi.track("page_view")`)
	v.arrived(41)
	times := v.asked("POST /v1/events")
	for i := 2; i < len(times); i++ {
		// The address has one request in two seconds; refused ones come in between.
		if gap := times[i].Sub(times[i-1]); gap < 900*time.Millisecond && times[i].Sub(times[i-2]) < 1900*time.Millisecond {
			v.t.Errorf("requests came %v and %v apart", times[i-1].Sub(times[i-2]), gap)
		}
	}
	if len(times) < 3 {
		v.t.Errorf("there were %d requests", len(times))
	}
}

package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// reports looks at the reports in the dashboard: the page is the one that the terminal
// writes, in the reader's theme, and runs nothing.
func (p *page) reports(s *shop, name, language string, store []string) {
	p.t.Helper()
	p.view("reports")
	const inside = "document.querySelector('iframe.sheet').contentDocument"
	kinds := p.text("[...document.querySelectorAll('#choose-report optgroup')].map((g) => g.children.length).join(' ')")
	if kinds != "31 12 1 1" {
		p.t.Errorf("%s: there are %s reports to choose", name, kinds)
	}
	for _, kind := range []string{"daily", "weekly", "funnel", "cohorts"} {
		title := p.text(fmt.Sprintf(`(() => { const e = document.getElementById("choose-report"), o = [...e.options].find((o) => o.value.startsWith(%q)); e.value = o.value; e.dispatchEvent(new Event("change")); return o.text })()`, kind))
		p.until("!!document.querySelector('iframe.sheet')?.contentDocument?.querySelector('h1') && document.querySelector('iframe.sheet').title === " + fmt.Sprintf("%q", title))
		args := append([]string{"report", kind, "--output", "html", "--language", language}, store...)
		want := s.run(p.t, args...).stdout
		same := p.text(fmt.Sprintf("'' + (new DOMParser().parseFromString(%q, 'text/html').body.innerHTML === "+inside+".body.innerHTML)", want))
		if same != "true" {
			p.t.Errorf("%s: %s is not what the terminal writes: %s", name, kind, p.text(inside+".body.innerText"))
		}
		if got := p.text("''+(document.documentElement.scrollWidth > innerWidth || " + inside + ".documentElement.scrollWidth > document.querySelector('iframe.sheet').clientWidth)"); got == "true" {
			p.t.Errorf("%s: %s is wider than the screen", name, kind)
		}
		if kind == "weekly" {
			p.theme(inside)
			p.keep("dashboard-reports-" + name)
		}
	}
	p.view("")
}

// theme wants the report to be as dark as the dashboard around it.
func (p *page) theme(inside string) {
	p.t.Helper()
	for range 2 {
		got := p.text("document.documentElement.dataset.theme + ' ' + getComputedStyle(" + inside + ".body).backgroundColor")
		if got != "dark rgb(18, 21, 27)" && got != "light rgb(244, 246, 249)" {
			p.t.Errorf("the report's ground: %s", got)
		}
		p.text("document.getElementById('choose-theme').click(), ''")
	}
}

// view goes to one of the dashboard's views, and waits until it is there.
func (p *page) view(view string) {
	p.t.Helper()
	p.text(fmt.Sprintf(`(() => { const all = [...document.querySelectorAll("#views button")]; all[%d].click(); return "" })()`, map[string]int{"": 0, "reports": 1}[view]))
	p.until("document.getElementById('main').getAttribute('aria-busy') === 'false'")
}

// until waits for something to be so.
func (p *page) until(script string) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); p.text("''+("+script+")") != "true"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("it never is so: %s\n%s", script, p.text("document.body.innerText"))
		}
	}
}

// checkServedReports wants the API to give what the terminal writes, of the platform or of a
// store.
func checkServedReports(t *testing.T, s *shop, token, address, store string) {
	var flags []string
	if store != "" {
		flags = []string{"--store", store}
	}
	for kind, format := range map[string]string{"daily": "json", "weekly": "markdown", "funnel": "csv", "cohorts": "json"} {
		want := s.run(t, append([]string{"report", kind, "--output", format, "--language", "es"}, flags...)...).stdout
		if status, got := fetchAPI(t, token, address+"/v1/reports/"+kind+"?format="+format); status != http.StatusOK || got != want {
			t.Errorf("%v %s as %s: the API gives %d\n%s\nthe terminal\n%s", flags, kind, format, status, got, want)
		}
	}
}

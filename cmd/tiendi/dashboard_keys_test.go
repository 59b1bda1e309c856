package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// named holds what a screen reader is told: everything that takes the focus has a role and a
// name, and each picture has one, and a table of the same beside it.
func (p *page) named() {
	p.t.Helper()
	tree, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		p.t.Fatal(err)
	}
	controls := 0
	for _, n := range tree.Nodes {
		role, name := spoken(n.Role), spoken(n.Name)
		if n.Ignored || role == "RootWebArea" || role == "main" || !focusable(n) && role != "image" {
			continue
		}
		if controls++; name == "" || role == "" || role == "generic" {
			p.t.Errorf("a %q has the name %q", role, name)
		}
	}
	if controls < 10 {
		p.t.Errorf("only %d controls and pictures are told of", controls)
	}
	if got := p.text("''+[...document.querySelectorAll('svg[role=img]')].filter((e) => !e.closest('section').querySelector('table')).length"); got != "0" {
		p.t.Errorf("%s pictures have no table", got)
	}
}

func focusable(n *accessibility.Node) bool {
	for _, property := range n.Properties {
		if property.Name == "focusable" {
			return true
		}
	}
	return false
}

func spoken(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.TrimSpace(strings.Trim(string(v.Value), `"`))
}

// keyboard goes through the page by Tab: every control has its turn, in the order of the
// page, and is seen to have it; and a choice does not lose the place.
func (p *page) keyboard() {
	p.t.Helper()
	count, err := strconv.Atoi(p.text(`document.activeElement.blur(), getSelection().removeAllRanges(), window.stops = [...document.querySelectorAll("a[href], button, select, input, summary, [tabindex='0']")].filter((e) => e.getClientRects().length), "" + stops.length`))
	if err != nil || count < 8 {
		p.t.Fatalf("%d controls, %v", count, err)
	}
	for i := range count {
		p.do(chromedp.KeyEvent(kb.Tab))
		got := p.text(`(() => { const e = document.activeElement, s = getComputedStyle(e); return stops.indexOf(e) + " " + (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) })()`)
		if want := fmt.Sprint(i, " true"); got != want {
			p.t.Errorf("Tab %d: %s, want %s: %s", i, got, want, p.text("document.activeElement.outerHTML.slice(0, 200)"))
		}
	}
	p.text(`(() => { const e = document.getElementById("choose-range"); e.focus(); e.value = "d90"; e.dispatchEvent(new Event("change")); return "" })()`)
	for end := time.Now().Add(time.Minute); p.text("document.getElementById('main').getAttribute('aria-busy')") != "false"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatal("the page does not get ready again")
		}
	}
	if got := p.text("document.activeElement.id + ' ' + document.activeElement.value"); got != "choose-range d90" {
		p.t.Errorf("after a choice the focus is at %q", got)
	}
}

// onPaper looks at the page as it is printed, and for those who want nothing to move.
func (p *page) onPaper() {
	p.t.Helper()
	emulate := func(media string, features ...*emulation.MediaFeature) {
		if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: features}); err != nil {
			p.t.Fatal(err)
		}
	}
	emulate("print")
	if got := p.text(`getComputedStyle(document.body).backgroundColor + " " + getComputedStyle(document.querySelector("nav")).display + " " + getComputedStyle(document.body).color`); got != "rgb(255, 255, 255) none rgb(27, 36, 48)" {
		p.t.Errorf("on paper: %s", got)
	}
	emulate("", &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
	if got := p.text(`[...document.querySelectorAll("*")].map((e) => getComputedStyle(e)).filter((s) => s.transitionDuration !== "0s" || s.animationName !== "none").length + ""`); got != "0" {
		p.t.Errorf("%s elements move for those who want nothing to", got)
	}
	emulate("")
}

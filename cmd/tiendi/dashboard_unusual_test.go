package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/shopspring/decimal"
)

// unusual wants the panel to list the days that the API tells of, or to say that there are none.
func (p *page) unusual(name, address, token string) {
	p.t.Helper()
	var me struct {
		LastDay string `json:"last_day"`
	}
	getAPI(p.t, token, address+"/v1/me", &me)
	last, err := time.Parse(time.DateOnly, me.LastDay)
	if err != nil {
		p.t.Fatal(err)
	}
	var told []unusualAlert
	for _, a := range unusualDays(p.t, address, token, "&start="+last.AddDate(0, 0, -29).Format(time.DateOnly)+"&end="+last.AddDate(0, 0, 1).Format(time.DateOnly)).Alerts {
		if !a.Repeated {
			told = append(told, a)
		}
	}
	if rows := p.text("''+document.querySelectorAll('#unusual tbody tr').length"); rows != strconv.Itoa(min(8, len(told))) {
		p.t.Errorf("%s: %s unusual days are listed, of %d", name, rows, len(told))
	}
	text := p.text("document.getElementById('unusual').innerText")
	if len(told) == 0 {
		if !strings.Contains(text, "como se esperaba") && !strings.Contains(text, "as expected") && !strings.Contains(text, "hacen falta de 7 a 12 semanas") {
			p.t.Errorf("%s: the panel does not say that there is nothing: %q", name, text)
		}
		return
	}
	if first := told[0]; first.Metric == "sessions" && !strings.Contains(text, writtenFigure(p.t, "count", decimalText(p.t, first.Value))) {
		p.t.Errorf("%s: the panel lacks %v: %q", name, first, text)
	}
	if name == "administrator" {
		p.lookAt(told[0])
		p.narrow()
	}
}

func decimalText(t *testing.T, v any) string {
	t.Helper()
	return decimal.RequireFromString(plainNumber(v)).String()
}

// narrow shows the days on a phone's width, on which they must have room.
func (p *page) narrow() {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(390, 844))
	p.text("document.documentElement.dataset.theme = 'dark'")
	if p.text("''+(document.documentElement.scrollWidth > innerWidth || document.querySelector('#unusual table').scrollWidth > document.getElementById('unusual').clientWidth)") == "true" {
		p.t.Error("unusual days are wider than a phone")
	}
	p.keep("dashboard-unusual-phone")
	p.text("document.documentElement.dataset.theme = 'light'")
	p.do(chromedp.EmulateViewport(1440, 900))
}

// lookAt opens a day in the chart, by keyboard: the chart is of its metric and of days around
// it, and has the focus.
func (p *page) lookAt(a unusualAlert) {
	p.t.Helper()
	before := p.text("location.href")
	p.text("document.getElementById('unusual-0').focus(), document.getElementById('unusual-0').click(), ''")
	p.until("document.getElementById('main').getAttribute('aria-busy') === 'false' && document.activeElement.id === 'choose-shown'")
	address := p.text("location.search")
	if a.Metric == "sessions" && !strings.Contains(address, "shown=sessions") || !strings.Contains(address, "range=own") || (a.StoreID != "") != strings.Contains(address, "store="+a.StoreID) {
		p.t.Errorf("the chart of %+v is at %s", a, address)
	}
	if from, to := p.text("document.getElementById('choose-from').value"), p.text("document.getElementById('choose-to').value"); from >= a.Date || to < a.Date {
		p.t.Errorf("the chart of %s is from %s to %s", a.Date, from, to)
	}
	p.do(chromedp.Navigate("about:blank"), chromedp.Navigate(before))
	p.until("document.querySelectorAll('section').length > 5 && document.getElementById('main').getAttribute('aria-busy') === 'false'")
}

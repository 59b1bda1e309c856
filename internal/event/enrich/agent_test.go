package enrich

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/event"
)

const (
	webkit = " AppleWebKit/537.36 (KHTML, like Gecko) "
	apple  = " AppleWebKit/605.1.15 (KHTML, like Gecko) "
	win    = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
	mac    = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
	linux  = "Mozilla/5.0 (X11; Linux x86_64)"
	iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)" + apple
	pixel  = "Mozilla/5.0 (Linux; Android 10; K)" + webkit
)

// agents are user agents as they occur, and how reports name them.
var agents = []struct {
	text string
	want Agent
}{
	{win + webkit + "Chrome/142.0.0.0 Safari/537.36", Agent{event.Desktop, "Windows", "Chrome", false}},
	{win + webkit + "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", Agent{event.Desktop, "Windows", "Edge", false}},
	{win + webkit + "Chrome/141.0.0.0 Safari/537.36 OPR/126.0.0.0", Agent{event.Desktop, "Windows", "Opera", false}},
	{win + webkit + "Chrome/140.0.0.0 YaBrowser/25.8.0.0 Safari/537.36", Agent{event.Desktop, "Windows", "Yandex Browser", false}},
	{win + webkit + "Chrome/140.0.0.0 Safari/537.36 Vivaldi/7.6.3797.52", Agent{event.Desktop, "Windows", "Vivaldi", false}},
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", Agent{event.Desktop, "Windows", "Firefox", false}},
	{"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", Agent{event.Desktop, "Windows", "Internet Explorer", false}},
	{mac + apple + "Version/26.0 Safari/605.1.15", Agent{event.Desktop, "macOS", "Safari", false}},
	{mac + webkit + "Chrome/142.0.0.0 Safari/537.36", Agent{event.Desktop, "macOS", "Chrome", false}},
	{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0", Agent{event.Desktop, "macOS", "Firefox", false}},
	{linux + webkit + "Chrome/142.0.0.0 Safari/537.36", Agent{event.Desktop, "Linux", "Chrome", false}},
	{"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", Agent{event.Desktop, "Linux", "Firefox", false}},
	{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)" + webkit + "Chrome/141.0.0.0 Safari/537.36", Agent{event.Desktop, "ChromeOS", "Chrome", false}},
	{iphone + "Version/26.0 Mobile/15E148 Safari/604.1", Agent{event.Mobile, "iOS", "Safari", false}},
	{iphone + "CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1", Agent{event.Mobile, "iOS", "Chrome", false}},
	{iphone + "FxiOS/144.0 Mobile/15E148 Safari/605.1.15", Agent{event.Mobile, "iOS", "Firefox", false}},
	{iphone + "Version/18.0 EdgiOS/142.0.3595.53 Mobile/15E148 Safari/605.1.15", Agent{event.Mobile, "iOS", "Edge", false}},
	{iphone + "GSA/372.0.762861246 Mobile/15E148 Safari/604.1", Agent{event.Mobile, "iOS", "Safari", false}},
	{iphone + "Mobile/15E148 Instagram 380.0.0.29.109 (iPhone14,5; iOS 18_5; es_MX; es; scale=3.00; 1170x2532; 736585427)", Agent{event.Mobile, "iOS", "Instagram", false}},
	{iphone + "Mobile/22F76 [FBAN/FBIOS;FBAV/515.0.0.38.109;FBBV/738837421;FBDV/iPhone14,7;FBMD/iPhone;FBSN/iOS;FBSV/18.5;FBSS/3]", Agent{event.Mobile, "iOS", "Facebook", false}},
	{"Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X)" + apple + "Version/17.7 Mobile/15E148 Safari/604.1", Agent{event.Tablet, "iPadOS", "Safari", false}},
	{pixel + "Chrome/142.0.0.0 Mobile Safari/537.36", Agent{event.Mobile, "Android", "Chrome", false}},
	{pixel + "Chrome/142.0.0.0 Mobile Safari/537.36 EdgA/142.0.0.0", Agent{event.Mobile, "Android", "Edge", false}},
	{pixel + "Chrome/141.0.0.0 Mobile Safari/537.36 OPR/92.0.0.0", Agent{event.Mobile, "Android", "Opera", false}},
	{"Opera/9.80 (Android; Opera Mini/92.0.2254/191.303; U; es) Presto/2.12.423 Version/12.16", Agent{event.Mobile, "Android", "Opera Mini", false}},
	{"Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S911B)" + webkit + "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", Agent{event.Mobile, "Android", "Samsung Internet", false}},
	{"Mozilla/5.0 (Linux; Android 13; SM-X200)" + webkit + "Chrome/136.0.0.0 Safari/537.36", Agent{event.Tablet, "Android", "Chrome", false}},
	{"Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", Agent{event.Mobile, "Android", "Firefox", false}},
	{"Mozilla/5.0 (Android 14; Tablet; rv:144.0) Gecko/144.0 Firefox/144.0", Agent{event.Tablet, "Android", "Firefox", false}},
	{"Mozilla/5.0 (Linux; Android 14; moto g54 Build/U1TD34; wv)" + webkit + "Version/4.0 Chrome/141.0.7390.122 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/535.0.0.49.72;]", Agent{event.Mobile, "Android", "Facebook", false}},
	{"Mozilla/5.0 (Linux; U; Android 13; es-mx; 22101316G Build/TP1A.220624.014)" + webkit + "Version/4.0 Chrome/100.0.4896.127 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.30.1-gn", Agent{event.Mobile, "Android", "MIUI Browser", false}},
	{"Mozilla/5.0 (Linux; U; Android 12; es-US; M2101K6G Build/SKQ1.210908.001)" + webkit + "Version/4.0 Chrome/123.0.6312.80 UCBrowser/13.9.0.1330 Mobile Safari/537.36", Agent{event.Mobile, "Android", "UC Browser", false}},
	{"Mozilla/5.0 (Linux; Android 9; KFMAWI Build/PS7704)" + webkit + "Silk/130.4.1 like Chrome/130.0.6723.102 Safari/537.36", Agent{event.Tablet, "Android", "Amazon Silk", false}},
	{"Mozilla/5.0 (Linux; Android 12; CUBOT X50)" + webkit + "Chrome/142.0.0.0 Mobile Safari/537.36", Agent{event.Mobile, "Android", "Chrome", false}},
	{"Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0)" + webkit + "SamsungBrowser/4.0 Chrome/76.0.3809.146 TV Safari/537.36", Agent{event.Desktop, "Other", "Samsung Internet", false}},

	{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Agent{event.Desktop, "Other", "Googlebot", true}},
	{"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P)" + webkit + "Chrome/137.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Agent{event.Mobile, "Android", "Googlebot", true}},
	{"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", Agent{event.Desktop, "Other", "bingbot", true}},
	{"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", Agent{event.Desktop, "Other", "AhrefsBot", true}},
	{"Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)", Agent{event.Desktop, "Other", "SemrushBot", true}},
	{"Mozilla/5.0" + webkit + "(compatible; GPTBot/1.2; +https://openai.com/gptbot)", Agent{event.Desktop, "Other", "GPTBot", true}},
	{"Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)", Agent{event.Desktop, "Other", "YandexBot", true}},
	{mac + webkit + "Chrome/142.0.0.0 Safari/537.36 (Applebot/0.1; +http://www.apple.com/go/applebot)", Agent{event.Desktop, "Other", "Applebot", true}},
	{"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", Agent{event.Desktop, "Other", "facebookexternalhit", true}},
	{linux + webkit + "HeadlessChrome/137.0.0.0 Safari/537.36", Agent{event.Desktop, "Linux", "HeadlessChrome", true}},
	{"python-requests/2.32.3", Agent{event.Desktop, "Other", "python-requests", false}}, // by the project's expression

	{"curl/8", Agent{event.Desktop, "Other", "Other", false}},
	{"SomethingNew/1.0", Agent{event.Desktop, "Other", "Other", false}},
	{"unknown", Agent{event.Desktop, "Other", "Other", false}},
	{"", Agent{event.Desktop, "Other", "Other", false}},
}

func TestAgents(t *testing.T) {
	e := enricher(t, Options{})
	for range 2 { // read, then remembered
		for _, c := range agents {
			if got := e.Agent(c.text); got != c.want {
				t.Errorf("%s\ngave %+v\nwant %+v", c.text, got, c.want)
			}
		}
	}
}

// TestMadeUpAgents holds that a client that makes up user agents takes no more
// memory, nor adds names to reports.
func TestMadeUpAgents(t *testing.T) {
	e := enricher(t, Options{})
	names := map[string]bool{}
	for i := range maxAgents * 2 {
		a := e.Agent(fmt.Sprintf("Made%d/1.0 (Sys%d) Up/%d", i, i, i))
		names[a.OS+a.Browser] = true
	}
	e.Agent(strings.Repeat("x", maxAgentBytes+1))
	if e.agents.Len() != maxAgents || len(names) != 1 {
		t.Errorf("%d user agents are remembered, and there are %d names", e.agents.Len(), len(names))
	}
}

func FuzzAgent(f *testing.F) {
	for _, c := range agents {
		f.Add(c.text)
	}
	f.Add("Mozilla/5.0 ((((;;;)))) /// [[[ Chrome/")
	f.Fuzz(func(t *testing.T, text string) {
		a := readAgent(text)
		if a.OS == "" || a.Browser == "" || a.Device == "" {
			t.Errorf("%q: %+v", text, a)
		}
	})
}

func BenchmarkEnrich(b *testing.B) {
	e := enricher(b, Options{Bots: bots})
	ev := event.BaseEvent{Type: event.PageView, Context: event.Context{
		IP: "203.0.113.0", PageURL: "https://shop.example/p/1", Referrer: "https://www.google.com/", DeviceType: "mobile", OS: "iOS", Browser: "Safari",
	}}
	b.Run("known", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			ev.Context.UserAgent = agents[i%len(agents)].text
			e.Enrich(&ev)
		}
	})
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			ev.Context.UserAgent = fmt.Sprintf("%s %d", agents[i%len(agents)].text, i)
			e.Enrich(&ev)
		}
	})
}

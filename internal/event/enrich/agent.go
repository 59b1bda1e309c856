package enrich

import (
	"cmp"
	"strings"

	"github.com/mileusna/useragent"

	"github.com/tiendi/tiendi/internal/event"
)

// maxAgentBytes is up to where a user agent is read. Real ones have a few hundred
// bytes.
const maxAgentBytes = 1024

// other is what systems and browsers are called that nobody knows.
const other = "Other"

// Agent is what a user agent says of the visitor's device. Nothing in it is
// empty.
type Agent struct {
	Device      event.Device
	OS, Browser string // "Other" where they are not known
	Bot         bool   // a program that says so
}

// Complete names what the context leaves empty.
func (a Agent) Complete(at *event.Context) {
	at.DeviceType = cmp.Or(at.DeviceType, a.Device)
	at.OS, at.Browser = cmp.Or(at.OS, a.OS), cmp.Or(at.Browser, a.Browser)
}

// systems and browsers are closed sets, by what the library calls them: it takes
// any name that a client makes up, and reports are grouped by these.
var (
	systems = map[string]string{
		useragent.Windows: "Windows", useragent.WindowsPhone: "Windows Phone",
		useragent.Android: "Android", useragent.IOS: "iOS", useragent.MacOS: "macOS",
		useragent.Linux: "Linux", useragent.ChromeOS: "ChromeOS", useragent.FreeBSD: "FreeBSD",
		useragent.BlackBerry: "BlackBerry", useragent.Harmony: "HarmonyOS",
	}
	browsers = map[string]string{
		useragent.Chrome: "Chrome", useragent.Safari: "Safari", useragent.MobileSafari: "Safari",
		useragent.Firefox: "Firefox", useragent.Edge: "Edge", useragent.Opera: "Opera",
		useragent.OperaMini: "Opera Mini", useragent.OperaTouch: "Opera", useragent.Vivaldi: "Vivaldi",
		useragent.SamsungBrowser: "Samsung Internet", "YaBrowser": "Yandex Browser", "Miui Browser": "MIUI Browser",
		useragent.InternetExplorer: "Internet Explorer", useragent.Msie: "Internet Explorer", "Trident": "Internet Explorer",
		useragent.FacebookApp: "Facebook", useragent.InstagramApp: "Instagram", useragent.TiktokApp: "TikTok",
		useragent.HeadlessChrome: "HeadlessChrome", "python-requests": "python-requests",
		useragent.Googlebot: "Googlebot", useragent.Bingbot: "bingbot", useragent.Applebot: "Applebot",
		useragent.YandexBot: "YandexBot", useragent.Twitterbot: "Twitterbot",
		useragent.FacebookExternalHit: "facebookexternalhit",
		"AhrefsBot":                   "AhrefsBot", "SemrushBot": "SemrushBot", "GPTBot": "GPTBot",
	}
)

// mark is a word of a user agent, and the browser that it is of.
type mark struct{ word, browser string }

// marks are of browsers that the library takes for those that they descend from.
var marks = []mark{{"Silk/", "Amazon Silk"}, {"UCBrowser/", "UC Browser"}}

func readAgent(text string) Agent {
	text = text[:min(len(text), maxAgentBytes)]
	read := useragent.Parse(text)
	a := Agent{
		Device: event.Desktop, OS: cmp.Or(systems[read.OS], other),
		Browser: cmp.Or(browsers[read.Name], other), Bot: read.Bot,
	}
	for _, m := range marks {
		if strings.Contains(text, m.word) {
			a.Browser = m.browser
		}
	}
	a.Device = device(text, &read)
	if a.OS == "iOS" && a.Device == event.Tablet {
		a.OS = "iPadOS"
	}
	if television(text) {
		a.OS = other // the library takes them for Android
	}
	return a
}

// device goes by Android's own rule: what does not say Mobile is a tablet. The
// contract has no class for televisions; they are nearest to desktops.
func device(text string, read *useragent.UserAgent) event.Device {
	switch {
	case television(text):
		return event.Desktop
	case read.Tablet, read.OS == useragent.Android && !strings.Contains(text, "Mobi") && read.Name != useragent.OperaMini:
		return event.Tablet
	case read.Mobile:
		return event.Mobile
	}
	return event.Desktop
}

func television(text string) bool {
	return strings.Contains(text, "Tizen") || strings.Contains(text, "Web0S")
}

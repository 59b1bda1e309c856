package collect

import (
	"strings"

	"github.com/tiendi/tiendi/internal/event"
)

// mark is a word of a User-Agent and what it says.
type mark struct{ word, name string }

// The first mark that is there counts: browsers name those that they descend from.
var (
	systems = []mark{
		{"iPad", "iPadOS"}, {"iPhone", "iOS"}, {"iPod", "iOS"}, {"Android", "Android"}, {"Windows", "Windows"},
		{"CrOS", "ChromeOS"}, {"Macintosh", "macOS"}, {"Linux", "Linux"}, {"X11", "Linux"},
	}
	browsers = []mark{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS", "Firefox"},
		{"HeadlessChrome", "HeadlessChrome"}, {"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
)

// agent is what a User-Agent says of device, system and browser.
type agent struct {
	device      event.Device
	os, browser string
}

// readAgent tells the common ones apart, which is enough for senders that do not
// say it themselves.
func readAgent(text string) agent {
	a := agent{device: event.Desktop, os: named(systems, text), browser: named(browsers, text)}
	mobile := strings.Contains(text, "Mobi")
	switch {
	case a.os == "iPadOS", strings.Contains(text, "Tablet"), a.os == "Android" && !mobile:
		a.device = event.Tablet
	case mobile, a.os == "iOS":
		a.device = event.Mobile
	}
	return a
}

func named(marks []mark, text string) string {
	for _, m := range marks {
		if strings.Contains(text, m.word) {
			return m.name
		}
	}
	return "Other"
}

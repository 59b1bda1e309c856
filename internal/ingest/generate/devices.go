package generate

import "github.com/tiendi/tiendi/internal/event"

// device is what a visitor browses with.
type device struct {
	class       event.Device
	os, browser string
	userAgent   string
	weight      uint64
}

const (
	webkit = " AppleWebKit/537.36 (KHTML, like Gecko) "
	safari = " AppleWebKit/605.1.15 (KHTML, like Gecko) "
)

var devices = []device{
	{event.Mobile, "Android", "Chrome", "Mozilla/5.0 (Linux; Android 14; SM-A546E)" + webkit + "Chrome/137.0.0.0 Mobile Safari/537.36", 300},
	{event.Mobile, "Android", "Chrome", "Mozilla/5.0 (Linux; Android 13; moto g54)" + webkit + "Chrome/136.0.0.0 Mobile Safari/537.36", 130},
	{event.Mobile, "Android", "Samsung Internet", "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S911B)" + webkit + "SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36", 50},
	{event.Mobile, "iOS", "Safari", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)" + safari + "Version/18.5 Mobile/15E148 Safari/604.1", 170},
	{event.Mobile, "iOS", "Chrome", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X)" + safari + "CriOS/137.0.7151.79 Mobile/15E148 Safari/604.1", 30},
	{event.Tablet, "iPadOS", "Safari", "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X)" + safari + "Version/17.7 Mobile/15E148 Safari/604.1", 30},
	{event.Tablet, "Android", "Chrome", "Mozilla/5.0 (Linux; Android 13; SM-X200)" + webkit + "Chrome/136.0.0.0 Safari/537.36", 20},
	{event.Desktop, "Windows", "Chrome", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)" + webkit + "Chrome/137.0.0.0 Safari/537.36", 150},
	{event.Desktop, "Windows", "Edge", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)" + webkit + "Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0", 45},
	{event.Desktop, "Windows", "Firefox", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:139.0) Gecko/20100101 Firefox/139.0", 25},
	{event.Desktop, "macOS", "Safari", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)" + safari + "Version/18.4 Safari/605.1.15", 30},
	{event.Desktop, "Linux", "Firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0", 20},
}

var deviceWeights = weigh(len(devices), func(i int) uint64 { return devices[i].weight })

// robots are crawlers and scripts; sessions leave them out by these agents.
var robots = []device{
	{event.Desktop, "Other", "Googlebot", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", 45},
	{event.Mobile, "Android", "Googlebot", "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P)" + webkit + "Chrome/137.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", 20},
	{event.Desktop, "Other", "bingbot", "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", 20},
	{event.Desktop, "Other", "AhrefsBot", "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", 10},
	{event.Desktop, "Linux", "HeadlessChrome", "Mozilla/5.0 (X11; Linux x86_64)" + webkit + "HeadlessChrome/137.0.0.0 Safari/537.36", 3},
	{event.Desktop, "Other", "python-requests", "python-requests/2.32.3", 2},
}

var robotWeights = weigh(len(robots), func(i int) uint64 { return robots[i].weight })

// source is where a visit comes from: a referring site, or UTM parameters, or both.
type source struct {
	referrer string
	utm      string
	weight   uint64
}

var sources = []source{
	{"", "", 300},
	{"https://www.google.com/", "", 270},
	{"https://www.bing.com/", "", 20},
	{"https://duckduckgo.com/", "", 10},
	{"https://www.google.com/", "utm_source=google&utm_medium=cpc&utm_campaign=marca", 100},
	{"", "utm_source=newsletter&utm_medium=email&utm_campaign=ofertas-semana", 70},
	{"https://l.instagram.com/", "utm_source=instagram&utm_medium=social&utm_campaign=reels", 70},
	{"https://l.facebook.com/", "utm_source=facebook&utm_medium=paid_social&utm_campaign=remarketing", 60},
	{"https://www.tiktok.com/", "", 30},
	{"", "utm_source=whatsapp&utm_medium=referral", 40},
	{"https://blogdeofertas.example/top-10", "", 30},
}

var sourceWeights = weigh(len(sources), func(i int) uint64 { return sources[i].weight })

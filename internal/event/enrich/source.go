package enrich

import (
	"slices"
	"strings"
)

var (
	searchSites = []string{"google", "bing", "duckduckgo", "yahoo", "ecosia", "baidu"}
	socialSites = []string{"facebook", "instagram", "tiktok", "twitter", "x", "t", "pinterest", "linkedin", "youtube", "whatsapp"}
)

// trafficSource is the macro traffic_source of models/macros, to the letter: what
// the streams say must be what staging would say. Never change one alone.
func trafficSource(pageURL, referrer string) string {
	if utm := parameter(pageURL, "utm_source"); utm != "" {
		return lowered(decoded(utm))
	}
	if referrer == "" {
		return "direct"
	}
	site := domain(referrer)
	if site == domain(pageURL) {
		return "direct"
	}
	site = withoutWWW(site)
	switch {
	case searches(site):
		return "search"
	case socialises(site):
		return "social"
	}
	return "referral"
}

// searches is (^|\.)(google|…)\. of the macro: any label but the last.
func searches(site string) bool {
	for {
		label, rest, more := strings.Cut(site, ".")
		if !more {
			return false
		}
		if slices.Contains(searchSites, label) {
			return true
		}
		site = rest
	}
}

// socialises is (^|\.)(facebook|…)\.(com|co)$ of the macro.
func socialises(site string) bool {
	dot := strings.LastIndexByte(site, '.')
	if dot < 0 || site[dot+1:] != "com" && site[dot+1:] != "co" {
		return false
	}
	label := site[strings.LastIndexByte(site[:dot], '.')+1 : dot]
	return slices.Contains(socialSites, label)
}

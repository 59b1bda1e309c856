package enrich

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// macro is the body of models/macros/traffic_source.sql as staging writes it.
func macro(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "models", "macros", "traffic_source.sql"))
	if err != nil {
		t.Fatal(err)
	}
	_, body, begins := strings.Cut(string(text), "referrer) -%}")
	body, _, ends := strings.Cut(body, "{%- endmacro")
	if !begins || !ends {
		t.Fatalf("the macro reads otherwise now: %s", text)
	}
	return strings.NewReplacer("{{ page_url }}", "page_url", "{{ referrer }}", "referrer").Replace(body)
}

// visits are pages and referrers: those that occur, those that only a broken or
// hostile client sends, and random pieces of URLs.
func visits() (all [][2]string) {
	pages := []string{
		"", "https://shop.example/p/1", "https://shop.example/?utm_source=Google&utm_medium=cpc", "https://www.shop.example/a#utm_source=x",
		"https://shop.example/?a=1&utm_source=News%20Letter", "https://shop.example/?utm_source=", "https://shop.example/?utm_source=&utm_source=b",
		"https://shop.example/?xutm_source=1&utm_source=2", "https://shop.example/?utm_source", "https://shop.example/?utm_source=a#utm_source=b",
		"https://shop.example/?utm_source=a+b%2Bc", "https://shop.example/?utm_source=%", "https://shop.example/?utm_source=%4", "https://shop.example/?utm_source=%zz%41",
		"https://shop.example/?utm_source=%C3%91AND%C3%9A", "https://shop.example/?utm_source=ÑANDÚ", "https://shop.example/?utm_source=%ff%fe", "https://shop.example/?utm_source=a%00b",
		"https://shop.example/?utm_source=a\x00b&c", "https://shop.example/\x00?utm_source=a", "https://shop.example/?q=utm_source=x", "https://shop.example/p?utm_source=a?utm_source=b",
		"https://shop.example/utm_source=x", "?utm_source=x", "#utm_source=x", "utm_source=x", "?", "https://shop.example/?&utm_source=A&", "https://shop.example/??utm_source=q",
		"https://shop.example/?UTM_SOURCE=x", "https://shop.example/?utm_source=%2", "https://shop.example/?utm_source=x%2526", "https://shop.example/?utm_source==x=",
		"https://shop.example/?utm_sourceutm_source=x", "https://shop.example/?utm_source=%%41", "https://shop.example/?utm_source=%4%31", "https://shop.example/?utm_source=%E2%82",
		"https://shop.example/?utm_source=a\nb", "https://shop.example/?utm_source=%25", "https://shop.example/?utm_source=\xff", "https://SHOP.example/", "https://shop.example:8443/x", "shop.example",
	}
	referrers := []string{
		"", "https://shop.example/", "https://www.shop.example/", "http://shop.example:80/x", "https://SHOP.example/", "https://www.google.com/", "https://google.com.mx", "https://notgoogle.com/",
		"https://news.google.co.uk/x?y#z", "https://google/", "https://google", "https://google.", "https://bing.com", "https://www.bing.", "https://duckduckgo.com/?q=x", "https://search.yahoo.co.jp/",
		"https://l.facebook.com/l.php?u=x", "https://facebook.com.evil.example/", "https://t.co/abc", "https://x.com", "https://www.x.com:443/", "https://x.co", "https://x.org", "https://youtu.be/x", "https://lnkd.in",
		"android-app://com.google.android.gm/", "android-app://com.instagram.android", "https://", "http:///x", "//www.google.com/x", "//", "/", ":", ".", "..", "@", "a@b.c", "https://user:pw@www.google.com/", "https://user@t.co/",
		"https://a.b@google.com/", "https://a.b@c/", "https://@/", "https://[::1]/", "https://1.2.3.4/", "https://exa mple.com/", "https://google.com%2f", "https://goo\x00gle.com/", "https://google.com\x00/x", "https://www.",
		"https://www.x", "https://www.www.google.com/", "https://WWW.Google.com/", "mailto:a@google.com", "about:blank", "javascript:alert(1)", "data:text/html,https://google.com", "https//google.com", "https:/google.com", "https:google.com",
		"averyveryverylongscheme://google.com/", "abcdefghijklm://google.com/", "abcdefghijklmn://google.com/", "1http://google.com/", "-://google.com/", "://google.com/", "h ttp://google.com", "ftp+x.y-z://bing.com/", "google.com", "google.com/search?q=a", "google.com?x.y", "google.com#",
		"https://google.com?x", "https://google.com#x", "https://ñandú.google.com/", "https://\xff.google.com/", "https://google.com\n", "https://x.com\n", "https://.google.com", "https://google..com", "https://x..com", "https://google.com./", "https://google.com.",
		"https://t.com.co", "https://a.t.co", "https://www.t.co", "https://wwww.t.co", "https://google.com\\@x.com/", "https://google.com;a", "https://a=b.com", "https://[google.com]/", "https://google.com:", "https://x.com:99999/", " https://google.com", "https://baidu.com/\t", "https://xn--google-.com/", "https://shop.example@x.com/",
	}
	for _, p := range pages {
		for _, r := range []string{"", "https://www.google.com/", "https://shop.example/"} {
			all = append(all, [2]string{p, r})
		}
	}
	for _, r := range referrers {
		for _, p := range []string{"", "https://shop.example/p", "https://x.com/", r} {
			all = append(all, [2]string{p, r})
		}
	}
	return append(all, madeUp(3000)...)
}

// madeUp puts pieces together at random, always the same way.
func madeUp(n int) (all [][2]string) {
	pieces := []string{
		"http", "https", "://", ":/", "//", "/", ":", "@", "?", "#", "&", "=", ".", "..", "%", "%41", "%4", "%zz", "utm_source", "utm_source=", "www.", "www", "google", "x", "t", "co", "com",
		"facebook", "shop.example", "google.com", "t.co", "A", "é", "\xff", "\x00", " ", "+", "-", "~", "[", "]", ";", "\\", "^", "|", "{", "<", "\n", "\t", "1", "a", "://a.b", "?utm_source=", ",", "'", "\"", "*", "!", "$", "(", "_",
	}
	r := rand.New(rand.NewPCG(1, 2))
	one := func() string {
		var b strings.Builder
		if r.IntN(3) > 0 {
			b.WriteString("https://")
		}
		for range r.IntN(9) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		return b.String()
	}
	for range n {
		all = append(all, [2]string{one(), one()})
	}
	return all
}

// TestTrafficSourceIsTheEngines holds what streams and load say against what
// staging would.
func TestTrafficSourceIsTheEngines(t *testing.T) {
	db, ctx := warehousetest.Open(t), context.Background()
	if _, err := db.Exec(ctx, "CREATE TABLE visits (n UInt32, page_url String, referrer String) ENGINE = MergeTree ORDER BY n"); err != nil {
		t.Fatal(err)
	}
	all := visits()
	var values strings.Builder
	for i, v := range all {
		fmt.Fprintf(&values, "(%d, unhex('%s'), unhex('%s'))", i, hex.EncodeToString([]byte(v[0])), hex.EncodeToString([]byte(v[1])))
	}
	if _, err := db.Exec(ctx, "INSERT INTO visits VALUES "+values.String()); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(ctx, "SELECT n, hex("+macro(t)+") FROM visits ORDER BY n")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	seen, wrong := map[string]int{}, 0
	for rows.Next() {
		var n uint32
		var text string
		if err := rows.Scan(&n, &text); err != nil {
			t.Fatal(err)
		}
		want, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		seen[string(want)]++
		if got := trafficSource(all[n][0], all[n][1]); got != string(want) {
			if wrong++; wrong <= 20 {
				t.Errorf("page %q, referrer %q: got %q, and the engine says %q", all[n][0], all[n][1], got, want)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if wrong > 20 {
		t.Errorf("and %d more", wrong-20)
	}
	for _, kind := range []string{"direct", "search", "social", "referral"} {
		if seen[kind] < 20 {
			t.Errorf("only %d of %d visits are %s", seen[kind], len(all), kind)
		}
	}
}

package bench

import (
	"fmt"
	"testing"

	"github.com/tiendi/tiendi/internal/report/delivery/deliverytest"
)

// reportStores is how many vendors the benchmark of reports has.
const reportStores = 5000

// BenchmarkReports computes the day's reports of 5,000 vendors and mails them, to a server of
// mail over TCP; then again, when all of them are sent.
func BenchmarkReports(b *testing.B) {
	inbox := deliverytest.Start(b, nil)
	s := newShop(b, nil)
	b.Cleanup(func() { s.down(b) })
	s.write(b, "profiles.yaml", fmt.Sprintf(`tiendi: {target: dev, outputs: {dev: {threads: %d, warehouse: {type: embedded, database: shop},
  report: {smtp: "smtp://%s", tls: none, from: reports@shop.example, admins: [admin@shop.example]}}}}
`, threads, inbox.Address))
	s.run(b, "generate", "--out", "data", "--days", "15", "--stores", fmt.Sprint(reportStores), "--users", "20000", "-q")
	s.run(b, "load", "data", "-q")
	s.run(b, "build", "-q")
	for b.Loop() {
		sent := s.run(b, "report", "daily", "--send", "--send-empty")
		if n := len(inbox.Letters()); n < reportStores {
			b.Fatalf("%d letters: %s", n, sent.stderr)
		}
		again := s.run(b, "report", "daily", "--send", "--send-empty")
		scores.tell(b, float64(len(inbox.Letters())), "reports")
		scores.atMost(b, sent.wall.Seconds(), 60, "send-s", " (5,000 vendors, the server on the same machine)")
		scores.tell(b, again.wall.Seconds(), "again-s")
		scores.atMost(b, float64(max(sent.peak, again.peak))/1e6, 500, "send-MB", "")
	}
}

package main

import (
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
)

// TestForget forgets a user, being killed on the way at random moments with runs of the
// models in between, and wants nothing of him anywhere, and every figure as it was.
func TestForget(t *testing.T) {
	t.Parallel()
	s, user := knownShop(t)
	sessions := s.sessionsOf(t, user)
	want := s.figures(t)
	delete(want, "notes")
	texts := append([]string{user, "ana.ruiz@example.com", "ana.ruiz%40example.com", "Ana Ruiz", "zxanitaq"}, sessions[:3]...)
	if n := len(s.mentions(t, texts...)); n < 20 {
		t.Fatalf("he is in %d columns only", n)
	}
	plan := s.forget(t, nil, "--user", user, "--dry-run")
	if len(plan.Found) < 15 || len(plan.Left) > 0 || plan.Sessions < len(sessions) {
		t.Errorf("the plan: %+v", plan)
	}
	kills := 2 * chaos.Rounds(t, 1)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	t.Log("seed", seed)
	args := []string{"--user", strings.ToUpper(user), "--email", "Ana.Ruiz@example.com", "--wait", "0"}
	for kill := range kills {
		cmd := s.command(append([]string{"forget"}, args...)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(300+random.IntN(5000))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err == nil {
			t.Logf("kill %d: it had ended", kill+1)
		}
		timer.Stop()
		if kill%2 == 0 {
			s.run(t, "run") // what it builds of half a person has to be put right
		}
	}
	proof := s.forget(t, nil, args...)
	if !proof.Clean() || len(proof.Open) != 1 || proof.Sessions < len(sessions) {
		t.Errorf("the proof: %+v", proof)
	}
	if found := s.mentions(t, texts...); len(found) > 0 {
		t.Errorf("still there: %s", strings.Join(found, "\n"))
	}
	s.run(t, "run")
	got := s.figures(t)
	delete(got, "notes")
	sameTables(t, withoutURLs(want), withoutURLs(got))
	if n := s.value(t, "select toString(sum(k)) || toString(sum(pair.b)) || any(doc.a.b::String = toString(who))::String as n from $db.notes where kind != ''"); !strings.HasPrefix(n, "314") {
		t.Errorf("the notes: %s", n)
	}
	if again := s.forget(t, nil, args...); !again.Clean() || len(again.Found) > 0 {
		t.Errorf("again: %+v", again)
	}
	for _, path := range []string{"target", "home"} {
		noFileSays(t, s.dir+"/"+path, texts...)
	}
	s.nothingTemporary(t)
}

// testForget forgets those who bought and looked most, and holds every KPI against the
// files that they are in still.
func testForget(t *testing.T, s *shop, r *recount) {
	var users []string
	for _, table := range []string{"orders_raw", "events_raw"} {
		for _, row := range s.query(t, "select toString(user_id) as id from $db."+table+" group by user_id order by count() desc, user_id limit 5") {
			users = append(users, "--user", row.text("id"))
		}
	}
	if p := s.forget(t, nil, append(users, "--wait", "0")...); !p.Clean() || len(p.Found) < 10 || len(p.Users) < 9 {
		t.Errorf("the proof: %+v", p)
	}
	checkMetrics(t, s, r)
}

// withoutURLs leaves out what has addresses of pages with a person in them.
func withoutURLs(sums map[string]checksum) map[string]checksum {
	for _, name := range []string{"events_raw", "events_staging", "events"} {
		if sum, ok := sums[name]; ok {
			sums[name] = checksum{rows: sum.rows}
		}
	}
	return sums
}

// noFileSays wants no file below a folder to hold a text.
func noFileSays(t *testing.T, dir string, texts ...string) {
	t.Helper()
	root := os.DirFS(dir)
	var walk func(name string)
	walk = func(name string) {
		f, err := root.Open(name)
		if err != nil {
			return // nothing there, or gone by now
		}
		info, err := f.Stat()
		_ = f.Close()
		if err != nil {
			return
		}
		if info.IsDir() {
			entries, _ := os.ReadDir(dir + "/" + name)
			for _, e := range entries {
				walk(strings.TrimPrefix(name+"/"+e.Name(), "./"))
			}
			return
		}
		content, err := os.ReadFile(dir + "/" + name)
		if err != nil {
			return
		}
		lower := strings.ToLower(string(content))
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(lower, strings.ToLower(text)) }) {
			t.Errorf("%s/%s still says it", dir, name)
		}
	}
	walk(".")
}

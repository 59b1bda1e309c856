package checkpointtest

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

func beat(t testing.TB, d Driver, me checkpoint.Member) []checkpoint.Member {
	t.Helper()
	list, err := d.Beat(t.Context(), me)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func ids(list []checkpoint.Member) []string {
	var s []string
	for _, m := range list {
		s = append(s, m.ID)
	}
	return s
}

func testMembers(t *testing.T, s Subject) {
	one, two := s.Open(t, long)
	started := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	status := json.RawMessage(`{"lag":{"0":18446744073709551615}}`)
	for _, me := range []checkpoint.Member{
		{ID: "b", Host: "h", PID: 7, Started: started, Status: status}, {ID: "Z/../ñ", Host: "g", Started: started},
		{ID: "a", Host: "h", PID: 1 << 22, Started: started, Status: json.RawMessage(`null`)},
	} {
		if !slices.Contains(ids(beat(t, one, me)), me.ID) {
			t.Errorf("%s does not see itself", me.ID)
		}
	}
	got := beat(t, two, checkpoint.Member{ID: "b", Host: "h2", PID: 8, Started: started, Status: status})
	if want := []string{"Z/../ñ", "a", "b"}; !slices.Equal(ids(got), want) {
		t.Fatalf("got %q, want %q", ids(got), want)
	}
	if age := time.Since(got[2].Beat).Abs(); age > long {
		t.Errorf("the last beat was %v ago", age)
	}
	if got[0].Status != nil {
		t.Errorf("a member without a status has %q", got[0].Status)
	}
	got[2].Beat = time.Time{}
	if want := (checkpoint.Member{ID: "b", Host: "h2", PID: 8, Started: started, Status: status}); !reflect.DeepEqual(got[2], want) {
		t.Errorf("got  %+v\nwant %+v", got[2], want)
	}
	for _, id := range []string{"Z/../ñ", "b", "b", "nobody"} {
		if err := one.Leave(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	if got := ids(beat(t, two, checkpoint.Member{ID: "c"})); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("after two have left: %q", got)
	}
	if list, err := one.Alive(t.Context()); err != nil || !slices.Equal(ids(list), []string{"a", "c"}) {
		t.Errorf("to who only looks, alive are %q (%v)", ids(list), err)
	}
}

// testSilentMember wants a member off the list once it is silent, and on it again
// when it comes back.
func testSilentMember(t *testing.T, s Subject) {
	const ttl = 2 * time.Second
	one, two := s.Open(t, ttl)
	quiet := checkpoint.Member{ID: "quiet"}
	before := time.Now()
	beat(t, one, quiet)
	seen := false
	for {
		list := ids(beat(t, two, checkpoint.Member{ID: "lively"}))
		if !slices.Contains(list, "lively") {
			t.Fatalf("got %q", list)
		}
		if !slices.Contains(list, quiet.ID) {
			break
		}
		seen = true
		if time.Since(before) > long {
			t.Fatal("a silent member is still there")
		}
		time.Sleep(20 * time.Millisecond)
	}
	const tick = 10 * time.Millisecond // times of files are as coarse as that: a beat can look older than before
	if age := time.Since(before); age < ttl-tick || !seen {
		t.Errorf("a member is gone after %v", age)
	}
	if list := ids(beat(t, one, quiet)); !slices.Contains(list, quiet.ID) {
		t.Errorf("back again, and not on the list: %q", list)
	}
}

package recommend

import (
	"cmp"
	"slices"
	"testing"
)

func TestLatest(t *testing.T) {
	if got := latest([]int{1, 2, 1, 3}); !slices.Equal(got, []int{3, 1, 2}) {
		t.Errorf("%v", got)
	}
	long := make([]int, 100)
	for i := range long {
		long[i] = i
	}
	if got := latest(long); len(got) != maxQuery || got[0] != 99 {
		t.Errorf("%d products, the first %d", len(got), got[0])
	}
	if got := latest[int](nil); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestBlend(t *testing.T) {
	lists := map[int][]Scored[int]{
		1: {{2, 0.5}, {3, 0.4}, {4, 0.2}},
		2: {{1, 0.9}, {3, 0.5}, {5, 0.4}},
	}
	got := blend([]int{1, 2}, func(id int) []Scored[int] { return lists[id] }, cmp.Compare[int])
	want := []Scored[int]{{3, 0.65}, {4, 0.2}, {5, 0.2}} // the query's own are left out, ties are settled
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i].Product != want[i].Product || got[i].Score-want[i].Score > 1e-12 {
			t.Errorf("%d: %v, want %v", i, got[i], want[i])
		}
	}
}

func TestFallback(t *testing.T) {
	list := []candidate[int]{
		{1, "a", "tea", 9}, {2, "b", "tea", 4}, {3, "b", "tea", 2}, {4, "a", "pots", 100}, {5, "b", "pots", 40}, {6, "c", "tea", 9},
	}
	fallback(list, "tea", "b", cmp.Compare[int])
	var got []int
	for _, c := range list {
		got = append(got, c.product)
	}
	if want := []int{2, 1, 6, 3, 5, 4}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

package offheap_test

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/offheap"
)

// TestReturn: what nobody holds any more goes back to the system.
func TestReturn(t *testing.T) {
	const size = 64 << 20
	before := resident(t)
	func() {
		for m := range 4 {
			all := offheap.Slice[byte](offheap.New(), size)
			for i := 0; i < size; i += 4096 {
				all[i] = byte(m)
			}
		}
	}()
	for deadline := time.Now().Add(time.Minute); resident(t) > before+size; {
		if time.Now().After(deadline) {
			t.Fatalf("%d MB are held", (resident(t)-before)>>20)
		}
		runtime.GC()
	}
}

// resident is the memory of this process, in bytes.
func resident(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

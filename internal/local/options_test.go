package local

import (
	"os"
	"strings"
	"testing"
)

func TestParseBytes(t *testing.T) {
	for in, want := range map[string]uint64{
		"": 0, "0": 0, "123": 123, "2GB": 2_000_000_000, "512MiB": 512 << 20, "1.5 gb": 1_500_000_000, "4k": 4096, " 1TiB ": 1 << 40,
	} {
		if got, err := ParseBytes(in); err != nil || got != want {
			t.Errorf("ParseBytes(%q) = %d, %v, want %d", in, got, err, want)
		}
	}
	for _, bad := range []string{"GB", "-1", "1PB", "1 2", "much", "NaN", "1e300"} {
		if got, err := ParseBytes(bad); err == nil {
			t.Errorf("ParseBytes(%q) = %d", bad, got)
		}
	}
}

func FuzzParseBytes(f *testing.F) {
	for _, seed := range []string{"2GB", "1e9", "Inf", "0x10", "²GB"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := ParseBytes(s); err == nil && n > 1<<60 {
			t.Errorf("ParseBytes(%q) = %d", s, n)
		}
	})
}

func TestSocketPath(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	short, err := socketPath("/s")
	if err != nil || short != "/s/supervisor.sock" {
		t.Errorf("%q %v", short, err)
	}
	long := "/" + strings.Repeat("x", 200)
	path, err := socketPath(long)
	if err != nil || len(path) > maxSocketPath {
		t.Fatalf("%q %v", path, err)
	}
	if again, _ := socketPath(long); again != path {
		t.Errorf("%q, then %q", path, again)
	}
	if other, _ := socketPath(long + "y"); other == path {
		t.Error("two folders share a socket")
	}
	dir := path[:strings.LastIndex(path, "/")]
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if path, err := socketPath(long); err == nil {
		t.Errorf("a folder open to all is used: %s", path)
	}
}

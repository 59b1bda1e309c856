package console

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestThousands(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "0": "0", "999": "999", "1000": "1,000", "-1234567": "-1,234,567",
		"996021.39": "996,021.39", "0.123456": "0.123456", "+12345": "+12,345",
	} {
		if got := Thousands(in); got != want {
			t.Errorf("Thousands(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDurationAndBytes(t *testing.T) {
	for in, want := range map[time.Duration]string{
		420 * time.Millisecond: "0.42s", 12300 * time.Millisecond: "12.3s",
		185 * time.Second: "3m05s", 3720 * time.Second: "1h02m",
	} {
		if got := Duration(in); got != want {
			t.Errorf("Duration(%v) = %q, want %q", in, got, want)
		}
	}
	if got := Bytes(int64(178 << 20)); got != "178.0 MiB" {
		t.Errorf("Bytes = %q", got)
	}
}

// A line printed while a step is live must not be overwritten by it.
func TestPrintKeepsTheLiveLineBelow(t *testing.T) {
	var err bytes.Buffer
	c := &Console{Err: &err, Live: true}
	c.setLine("working")
	c.Print("done: %d", 1)
	c.setLine("")
	if got, want := err.String(), "working\r\x1b[Kdone: 1\nworking\r\x1b[K"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestQuietKeepsErrors(t *testing.T) {
	var err bytes.Buffer
	c := &Console{Err: &err, Quiet: true}
	c.Notice("a notice")
	c.Print("an error")
	if got := err.String(); strings.Contains(got, "notice") || !strings.Contains(got, "error") {
		t.Errorf("got %q", got)
	}
}

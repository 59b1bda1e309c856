package etl

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/warehouse"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// openJournal is a database of the test's own.
func openJournal(t *testing.T) *journal.Journal {
	t.Helper()
	client, err := warehouse.Open(t.Context(), localtest.Acquire(t).Warehouse())
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("etl_%d", time.Now().UnixNano())
	if _, err := client.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.Exec(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" SYNC"); err != nil {
			t.Error(err)
		}
		_ = client.Close()
	})
	return &journal.Journal{Warehouse: client, Database: name}
}

// steps write down what is done; the one that fails says so.
func steps(did *[]string, fails string) []Step {
	var out []Step
	for _, name := range Names {
		out = append(out, Step{Name: name, Do: func(context.Context) (string, error) {
			*did = append(*did, name)
			if name == fails {
				return "", errors.New("it is broken")
			}
			return name + " was done", nil
		}})
	}
	return out
}

// TestNights: a night goes on where it stopped, and each date is its own.
func TestNights(t *testing.T) {
	j := openJournal(t)
	date := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	var did []string
	for _, c := range []struct {
		name    string
		offset  int
		only    []string
		fails   string
		restart bool
		did     string
		err     error
	}{
		{"fails on the way", 0, nil, "load", false, "wait extract transform load", ErrFailed},
		{"goes on", 0, nil, "", false, "load cache notify", nil},
		{"has nothing to do", 0, nil, "", false, "", nil},
		{"another date", 1, []string{"wait", "extract"}, "", false, "wait extract", nil},
		{"too early", 1, []string{"load"}, "", false, "", ErrTooEarly},
		{"its next step", 1, []string{"transform"}, "", false, "transform", nil},
		{"the first once more", 0, []string{"wait"}, "", true, "wait", nil},
		{"and then all of it", 0, nil, "", false, "extract transform load cache notify", nil},
	} {
		did = nil
		_, err := Run(t.Context(), Options{
			Date: date.AddDate(0, 0, c.offset), Journal: j, Steps: steps(&did, c.fails), Only: c.only, Restart: c.restart,
			Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler), Clock: time.Now,
		})
		if got := strings.Join(did, " "); got != c.did || !errors.Is(err, c.err) {
			t.Errorf("%s: did %q, want %q (%v)", c.name, got, c.did, err)
		}
	}
	_, err := Run(t.Context(), Options{Date: date, Journal: j, Only: []string{"dream"}})
	if err == nil || !strings.Contains(err.Error(), "no step") {
		t.Errorf("an unknown step: %v", err)
	}
}

// TestSecondNight: while one is at work another is refused, whatever its date.
func TestSecondNight(t *testing.T) {
	j := openJournal(t)
	options := Options{Date: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), Journal: j, Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler), Clock: time.Now}
	var did []string
	first, second := options, options
	second.Date, second.Steps = second.Date.AddDate(0, 0, 1), steps(&did, "")
	var refused error
	first.Steps = []Step{{Name: "wait", Do: func(ctx context.Context) (string, error) {
		_, refused = Run(ctx, second)
		return "", nil
	}}}
	if _, err := Run(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	var conflict *journal.ConflictError
	if !errors.As(refused, &conflict) || len(did) > 0 {
		t.Errorf("the second did %v: %v", did, refused)
	}
	if _, err := Run(t.Context(), second); err != nil {
		t.Errorf("after the first: %v", err)
	}
}

func TestWaiting(t *testing.T) {
	end := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	looks := 0
	w := Waiting{End: end, Most: time.Minute, Poll: time.Millisecond, Now: func(context.Context) (Watermark, error) {
		looks++
		return Watermark{At: end.Add(time.Duration(looks-3) * time.Minute), Source: "the streams"}, nil
	}}
	if message, err := w.Do(t.Context()); err != nil || looks != 3 || !strings.Contains(message, "2026-02-01T00:00:00Z") {
		t.Errorf("after %d looks: %q, %v", looks, message, err)
	}
	none := func(context.Context) (Watermark, error) { return Watermark{}, nil }
	if message, err := (Waiting{End: end, Now: none}).Do(t.Context()); err != nil || !strings.Contains(message, "no events") {
		t.Errorf("without waiting: %q, %v", message, err)
	}
	if _, err := (Waiting{End: end, Now: none, Most: time.Millisecond, Poll: time.Hour}).Do(t.Context()); err == nil || !strings.Contains(err.Error(), "--max-wait") {
		t.Errorf("in vain: %v", err)
	}
}

func TestExtractSQL(t *testing.T) {
	columns := []sourceColumn{{"id", "uuid"}, {"status", "order_status"}, {"updated_at", "timestamp with time zone"}, {"secret", "text"}}
	raw := Raw{Columns: []string{"id", "status", "updated_at", "store_id"}, Newest: time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)}
	sql, err := extractSQL("orders", columns, raw)
	want := `SELECT "id", "status", to_char("updated_at", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "updated_at" FROM "orders" WHERE updated_at >= '2026-01-02 02:00:00.000Z'`
	if err != nil || sql != want {
		t.Errorf("%s\nwant %s (%v)", sql, want, err)
	}
	if sql, err := extractSQL("items", columns[:1], raw); err != nil || strings.Contains(sql, "WHERE") {
		t.Errorf("without updated_at: %s, %v", sql, err)
	}
	for _, c := range [][]sourceColumn{nil, columns[3:]} {
		if _, err := extractSQL("orders", c, raw); err == nil {
			t.Errorf("%v is no table to extract", c)
		}
	}
}

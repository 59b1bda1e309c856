package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/blob"
)

// Suite holds a driver, by an empty bucket of its own, against what blob.Bucket
// promises.
func Suite(t *testing.T, b blob.Bucket) {
	for name, test := range map[string]func(*testing.T, blob.Bucket){
		"Bodies": bodies, "Parts": parts, "Missing": missing, "Names": names, "Listing": listing, "Pages": pages,
		"Replacing": replacing, "Cancelled": cancelled,
	} {
		t.Run(name, func(t *testing.T) { test(t, b) })
	}
}

func put(t *testing.T, b blob.Bucket, name, body string) {
	t.Helper()
	if err := b.Put(t.Context(), name, []byte(body)); err != nil {
		t.Fatal(err)
	}
}

func read(ctx context.Context, b blob.Bucket, name string, offset, length int64) (string, error) {
	r, err := b.Open(ctx, name, offset, length)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), errors.Join(err, r.Close())
}

func list(t *testing.T, b blob.Bucket, prefix string) (names []string, sizes []int64) {
	t.Helper()
	for o, err := range b.List(t.Context(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		names, sizes = append(names, o.Name), append(sizes, o.Size)
	}
	return names, sizes
}

// bodies come back as they were, also the empty one and one that is larger than any
// driver's parts.
func bodies(t *testing.T, b blob.Bucket) {
	for name, body := range map[string]string{
		"bodies/empty": "", "bodies/text": "text\n", "bodies/bytes": "\x00\xff\r\n\x00",
		"bodies/large": strings.Repeat("0123456789abcdef", 20<<20/16),
	} {
		put(t, b, name, body)
		if got, err := read(t.Context(), b, name, 0, -1); err != nil || got != body {
			t.Errorf("%s: %d bytes for %d, %v", name, len(got), len(body), err)
		}
	}
	put(t, b, "bodies/text", "other")
	if got, err := read(t.Context(), b, "bodies/text", 0, -1); err != nil || got != "other" {
		t.Errorf("replaced: %q %v", got, err)
	}
}

func parts(t *testing.T, b blob.Bucket) {
	put(t, b, "parts", "0123456789")
	for _, c := range []struct {
		offset, length int64
		want           string
	}{{0, 4, "0123"}, {3, 4, "3456"}, {8, 10, "89"}, {4, -1, "456789"}, {0, 10, "0123456789"}, {2, 0, ""}, {10, 5, ""}, {99, -1, ""}} {
		if got, err := read(t.Context(), b, "parts", c.offset, c.length); err != nil || got != c.want {
			t.Errorf("%d bytes from %d: %q %v, want %q", c.length, c.offset, got, err, c.want)
		}
	}
}

func missing(t *testing.T, b blob.Bucket) {
	if _, err := read(t.Context(), b, "missing/one", 0, -1); !errors.Is(err, blob.ErrMissing) || !strings.Contains(err.Error(), "missing/one") {
		t.Errorf("read: %v", err)
	}
	if err := b.Delete(t.Context(), "missing/one"); err != nil {
		t.Errorf("delete: %v", err)
	}
	put(t, b, "missing/one", "x")
	put(t, b, "missing/two", "x")
	if err := b.Delete(t.Context(), "missing/one"); err != nil {
		t.Errorf("delete: %v", err)
	}
	if _, err := read(t.Context(), b, "missing/one", 0, -1); !errors.Is(err, blob.ErrMissing) {
		t.Errorf("read after it was deleted: %v", err)
	}
	if got, _ := list(t, b, "missing/"); !slices.Equal(got, []string{"missing/two"}) {
		t.Errorf("listed: %q", got)
	}
}

// names that lead elsewhere, or mean something to a driver, are refused.
func names(t *testing.T, b blob.Bucket) {
	for _, name := range []string{
		"", "/", "/etc/passwd", "../up", "a/../../up", "a/./b", "a//b", "a/", ".hidden", "a/.hidden", "a b", "a\\b", "a\x00b", "a\nb",
		"a?b", "a#b", "a%2e%2e/b", "é", strings.Repeat("a", 600), "a/" + strings.Repeat("b", 300),
	} {
		_, opened := b.Open(t.Context(), name, 0, -1)
		for did, err := range map[string]error{
			"put": b.Put(t.Context(), name, []byte("x")), "delete": b.Delete(t.Context(), name), "open": opened,
		} {
			if err == nil || errors.Is(err, blob.ErrMissing) {
				t.Errorf("%s %.20q: %v", did, name, err)
			}
		}
	}
	name := "names/date=2026-11-20/hour=07/A_z-0.1.ndjson.zst"
	put(t, b, name, "x")
	if got, err := read(t.Context(), b, name, 0, -1); err != nil || got != "x" {
		t.Errorf("%s: %q %v", name, got, err)
	}
}

// listing is in the order of bytes, in which - and . are less than the slash.
func listing(t *testing.T, b blob.Bucket) {
	want := []string{"listing/a-b/x", "listing/a.b", "listing/a/x", "listing/a/y/z", "listing/a0", "listing/b=1/x", "listing/b=10/x"}
	for i, name := range slices.Backward(want) {
		put(t, b, name, strings.Repeat("x", i))
	}
	got, sizes := list(t, b, "listing/")
	if !slices.Equal(got, want) || !slices.Equal(sizes, []int64{0, 1, 2, 3, 4, 5, 6}) {
		t.Errorf("got %q %v", got, sizes)
	}
	for prefix, n := range map[string]int{"listing/a": 5, "listing/a/": 2, "listing/a/y": 1, "listing/b=1": 2, "listing/b=1/": 1, "listing/c": 0, "nothing/": 0} {
		if got, _ := list(t, b, prefix); len(got) != n {
			t.Errorf("%s: %q, want %d", prefix, got, n)
		}
	}
	for o, err := range b.List(t.Context(), "listing/") {
		if err != nil || o.Name != want[0] {
			t.Errorf("the first is %q, %v", o.Name, err)
		}
		break
	}
}

// pages of a listing are put together: S3 gives 1,000 names at once, Azure 5,000.
func pages(t *testing.T, b blob.Bucket) {
	const many = 1010
	var group errgroup.Group
	group.SetLimit(16)
	for i := range many {
		group.Go(func() error { return b.Put(t.Context(), fmt.Sprintf("pages/%05d", i), nil) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	got, _ := list(t, b, "pages/")
	if len(got) != many || !slices.IsSorted(got) {
		t.Errorf("%d are listed, in order: %t", len(got), slices.IsSorted(got))
	}
}

// replacing shows readers one body or the other.
func replacing(t *testing.T, b blob.Bucket) {
	one, other := bytes.Repeat([]byte("1"), 1<<20), bytes.Repeat([]byte("2"), 1<<19)
	put(t, b, "replacing", string(one))
	var group errgroup.Group
	group.Go(func() error {
		for i := range 20 {
			body := one
			if i%2 == 0 {
				body = other
			}
			if err := b.Put(t.Context(), "replacing", body); err != nil {
				return err
			}
		}
		return nil
	})
	for range 3 {
		group.Go(func() error {
			for range 20 {
				got, err := read(t.Context(), b, "replacing", 0, -1)
				// A reader whose body is replaced on the way may be told so.
				if err == nil && got != string(one) && got != string(other) {
					return fmt.Errorf("a mixture of %d bytes", len(got))
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

func cancelled(t *testing.T, b blob.Bucket) {
	put(t, b, "cancelled", "x")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, opened := b.Open(ctx, "cancelled", 0, -1)
	var listed error
	for _, err := range b.List(ctx, "cancelled") {
		listed = err
	}
	for did, err := range map[string]error{"put": b.Put(ctx, "cancelled", []byte("y")), "open": opened, "list": listed} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", did, err)
		}
	}
	if got, err := read(t.Context(), b, "cancelled", 0, -1); err != nil || got != "x" {
		t.Errorf("then it is %q, %v", got, err)
	}
}

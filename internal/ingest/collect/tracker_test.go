package collect

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"testing"
)

// maxTracker is what the tracker may cost a page, in bytes, packed.
const maxTracker = 3 << 10

// TestTrackerIsServed holds how browsers get the tracker, and that it is small.
func TestTrackerIsServed(t *testing.T) {
	s := open(t, nil)
	get := func(headers ...string) (*http.Response, []byte) {
		t.Helper()
		request, err := newGet(s.url + "/tiendi.js")
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response, text
	}
	plain, text := get("Accept-Encoding", "identity")
	if plain.StatusCode != 200 || !bytes.Equal(text, trackerSource) || plain.Header.Get("Content-Type") != "text/javascript; charset=utf-8" ||
		plain.Header.Get("Cache-Control") != "public, max-age=3600" || plain.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("got %d, %v", plain.StatusCode, plain.Header)
	}
	packed, small := get("Accept-Encoding", "gzip, br")
	z, err := gzip.NewReader(bytes.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || !bytes.Equal(text, trackerSource) || packed.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("unpacked it is another one: %v, %v", err, packed.Header)
	}
	if len(small) >= maxTracker {
		t.Errorf("the tracker has %d bytes packed; keep it below %d", len(small), maxTracker)
	}
	tag := packed.Header.Get("ETag")
	if tag == "" || tag == plain.Header.Get("ETag") {
		t.Errorf("tags are %s and %s", tag, plain.Header.Get("ETag"))
	}
	if again, text := get("Accept-Encoding", "gzip", "If-None-Match", tag); again.StatusCode != 304 || len(text) > 0 {
		t.Errorf("asked again: %d, %d bytes", again.StatusCode, len(text))
	}
}

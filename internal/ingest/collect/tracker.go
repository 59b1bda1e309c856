package collect

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

//go:embed tracker/tiendi.js
var trackerSource []byte

// trackerAge is how long browsers keep the tracker without asking, in seconds: so
// long does a release take to be everywhere.
const trackerAge = "3600"

// tracker serves /tiendi.js, the web tracker, to pages of any site.
func tracker() http.Handler {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(trackerSource) // into memory
	_ = z.Close()
	sum := sha256.Sum256(trackerSource)
	tag := hex.EncodeToString(sum[:8])
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/javascript; charset=utf-8")
		h.Set("Cache-Control", "public, max-age="+trackerAge)
		h.Set("Access-Control-Allow-Origin", "*") // for pages that ask for integrity
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Vary", "Accept-Encoding")
		text, suffix := trackerSource, ""
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			text, suffix = packed.Bytes(), "-gzip"
		}
		h.Set("ETag", `"`+tag+suffix+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
	})
}

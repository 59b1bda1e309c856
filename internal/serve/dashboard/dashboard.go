// Package dashboard holds the pages that vendors and administrators read: plain modules that
// the browser runs as they are, with the API's answers drawn as SVG and tables. Nothing is
// built, and nothing comes from elsewhere.
package dashboard

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed ui
var files embed.FS

// policy lets the pages use what they bring along, ask their own server, and be framed by
// nobody.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// file is one as it is sent.
type file struct {
	kind, tag   string
	plain, gzip []byte
}

var load = sync.OnceValue(func() map[string]file {
	all := map[string]file{}
	names, _ := fs.Glob(files, "ui/*") // the pattern is right
	for _, name := range names {
		text, _ := files.ReadFile(name) // it is there
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // it is a level
		_, _ = w.Write(text)
		_ = w.Close()
		sum := sha256.Sum256(text)
		all[path.Base(name)] = file{mime.TypeByExtension(path.Ext(name)), `"` + hex.EncodeToString(sum[:12]) + `"`, text, packed.Bytes()}
	}
	return all
})

// reportPolicy lets the page that reports are written into have their own styles, which are
// in their markup, and nothing else: it is framed by the dashboard, and runs nothing.
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// Handler serves the pages, which may have pages of these origins in frames.
func Handler(frames []string) http.Handler {
	framing := policy + "; frame-src " + strings.Join(append([]string{"'self'"}, frames...), " ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "pages are there to be read", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" {
			name = "index.html"
		}
		f, ok := load()[name]
		if !ok || name == "embed.html" { // which Embed fills
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("Content-Security-Policy", framing)
		if name == "report.html" {
			h.Set("Content-Security-Policy", reportPolicy)
		}
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", f.tag)
		h.Add("Vary", "Accept-Encoding")
		if r.Header.Get("If-None-Match") == f.tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		body := f.plain
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = f.gzip
		}
		_, _ = w.Write(body) // nobody is there any more
	})
}

// Size is how many bytes the pages have, as they are sent.
func Size() (n int) {
	for _, f := range load() {
		n += len(f.gzip)
	}
	return n
}

package project

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
)

// Fingerprint changes when a file of the project or of a package is added,
// removed, renamed or written (path, size, time of change, inode), or when the
// rendered dbt_project.yml says something else. It does not cover what
// Render looked at for properties: vars, target and environment.
func (p *Project) Fingerprint() string { return p.fingerprint }

func (p *Project) sum() string {
	h := sha256.New()
	for _, pkg := range p.Packages {
		pkg.sum(h)
	}
	fmt.Fprintf(h, "%q", fmt.Sprint(p.Selectors))
	return hex.EncodeToString(h.Sum(nil))
}

func (p *Package) sum(h hash.Hash) {
	settings := *p
	settings.Files, settings.levels = nil, nil
	fmt.Fprintf(h, "%q\n", fmt.Sprintf("%v", settings))
	var line []byte
	for i := range p.Files {
		f := &p.Files[i]
		line = fmt.Appendf(line[:0], "%s %q %q %d %d %d\n", f.Kind, f.Path, f.Base, f.Size, f.ModTime.UnixNano(), f.Inode)
		h.Write(line)
	}
}

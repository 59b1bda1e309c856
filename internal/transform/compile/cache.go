package compile

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// cacheFile is the name of a saved parse within Options.CacheDir.
const cacheFile = "partial_parse.bin"

// Load opens, reads and parses the project in po.Dir. With a CacheDir, what an
// earlier parse of the same files with the same settings found out is taken
// instead. The error is project.Problems when the project is at fault: what is
// wrong in its files and what is wrong between them, in one run.
func Load(ctx context.Context, po project.Options, o Options) (*Manifest, error) {
	o.reads = &envLog{seen: map[string]envRead{}}
	po.Render = o.YAML()
	p, opened := project.Open(ctx, po)
	if p == nil {
		return nil, opened
	}
	o.Project = p
	key := ""
	if o.CacheDir != "" && opened == nil {
		key = o.cacheKey()
		if m := o.restore(key); m != nil {
			m.key = key
			return m, nil
		}
	}
	read := p.Read(ctx, po)
	if opened != nil { // without a package, say, every use of its macros would be a problem
		return nil, project.JoinProblems(opened, read)
	}
	m, parsed := Parse(ctx, o)
	if err := project.JoinProblems(read, parsed); err != nil {
		return nil, project.JoinProblems(err, asWarnings(p.Warnings))
	}
	if m.key = key; key != "" {
		if err := m.save(key); err != nil && o.Logger != nil {
			o.Logger.WarnContext(ctx, "the parse could not be saved, so the next command parses anew", "error", err)
		}
	}
	return m, nil
}

// asWarnings makes warnings, which alone would stop nothing, part of all that
// is to be mended.
func asWarnings(ps project.Problems) project.Problems {
	out := slices.Clone(ps)
	for i := range out {
		out[i].Message = "warning: " + out[i].Message
	}
	return out
}

// cacheKey is the same as long as a parse would find out the same: this
// program, the files, and the settings that templates see.
func (o Options) cacheKey() string {
	h := sha256.New()
	var types strings.Builder
	layout(reflect.TypeFor[saved](), &types)
	fmt.Fprintf(h, "%s\n%s\n%s\n", types.String(), program(), o.Project.Fingerprint())
	settings, _ := json.Marshal([]any{o.Target, o.Vars, o.Project.Root().Root}) // plain values
	h.Write(settings)
	return hex.EncodeToString(h.Sum(nil))
}

// program tells builds apart.
func program() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano())
}

// restore gives the saved parse, nil when there is none for key.
func (o Options) restore(key string) *Manifest {
	data, err := os.ReadFile(filepath.Join(o.CacheDir, cacheFile))
	if err != nil || len(data) < 4 {
		return nil
	}
	body := data[:len(data)-4]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[len(body):]) {
		return nil
	}
	var s saved
	d := newDecoder(body)
	if s.Key = d.text(); s.Key != key {
		return nil
	}
	d.at, d.texts = 0, nil
	d.value(reflect.ValueOf(&s).Elem())
	if d.err != nil || d.at != len(body) || !o.sameEnv(s.Envs) || s.Flags != "" && s.Flags != o.flagsText() {
		return nil
	}
	m, err := o.manifestOf(&s)
	if err != nil {
		return nil
	}
	return m
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (o Options) sameEnv(reads []envRead) bool {
	for _, r := range reads {
		value, set := o.LookupEnv(r.Name)
		if r != envReadOf(r.Name, value, set) {
			return false
		}
	}
	return true
}

package compile

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
)

// loadShop loads a project with a saved parse kept in cache.
func loadShop(t *testing.T, dir, cache string, change func(*Options)) *Manifest {
	t.Helper()
	o := testOptions()
	o.CacheDir = cache
	if change != nil {
		change(&o)
	}
	m, err := Load(context.Background(), project.Options{Dir: dir}, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func copyProject(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/shop")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestLoadRestoresTheSameManifest(t *testing.T) {
	dir, cache := copyProject(t), t.TempDir()
	fresh := loadShop(t, dir, cache, nil)
	again := loadShop(t, dir, cache, nil)
	if !again.lazy {
		t.Fatal("the saved parse was not taken")
	}
	if a, b := string(fresh.JSON()), string(again.JSON()); a != b {
		t.Errorf("the restored manifest differs:\n%s\n%s", a, b)
	}
	for id, n := range fresh.Nodes {
		if n.Kind == project.Seed {
			continue
		}
		a, errA := fresh.Compiler(nil).Compile(context.Background(), n, nil)
		b, errB := again.Compiler(nil).Compile(context.Background(), again.Nodes[id], nil)
		if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %v %v: %q, restored %q", id, errA, errB, a.SQL, b.SQL)
		}
	}
}

func TestLoadParsesAnewWhenSomethingChanged(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, dir string, o *Options){
		"a file": func(t *testing.T, dir string, _ *Options) {
			if err := os.WriteFile(filepath.Join(dir, "analyses/top.sql"), []byte("select 2"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"a new file": func(t *testing.T, dir string, _ *Options) {
			if err := os.WriteFile(filepath.Join(dir, "analyses/more.sql"), []byte("select 2"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"a var":      func(_ *testing.T, _ string, o *Options) { o.Vars = map[string]any{"start_date": "2020-01-01"} },
		"the target": func(_ *testing.T, _ string, o *Options) { o.Target.Schema = "elsewhere" },
		"a flag":     func(_ *testing.T, _ string, o *Options) { o.Flags.FullRefresh = false },
		"environment": func(_ *testing.T, _ string, o *Options) {
			o.LookupEnv = func(string) (string, bool) { return "north", true }
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, cache := copyProject(t), t.TempDir()
			loadShop(t, dir, cache, nil)
			m := loadShop(t, dir, cache, func(o *Options) { change(t, dir, o) })
			if m.lazy {
				t.Error("the saved parse was taken although something changed")
			}
		})
	}
}

func TestFlagsThatNoTemplateReadsDoNotMatter(t *testing.T) {
	dir, cache := copyProject(t), t.TempDir()
	if err := os.Remove(filepath.Join(dir, "analyses/context.sql")); err != nil {
		t.Fatal(err)
	}
	loadShop(t, dir, cache, nil)
	if m := loadShop(t, dir, cache, func(o *Options) { o.Flags = Flags{Which: "run", FailFast: true} }); !m.lazy {
		t.Error("another command parsed anew")
	}
}

func TestDamagedCacheIsReplaced(t *testing.T) {
	dir, cache := copyProject(t), t.TempDir()
	loadShop(t, dir, cache, nil)
	file := filepath.Join(cache, cacheFile)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{nil, whole[:3], whole[:len(whole)/2], append([]byte("x"), whole...), []byte("another program's file")} {
		if err := os.WriteFile(file, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if m := loadShop(t, dir, cache, nil); m.lazy {
			t.Errorf("a damaged file of %d bytes was taken", len(damaged))
		}
		if now, err := os.ReadFile(file); err != nil || len(now) != len(whole) {
			t.Errorf("the damaged file was not replaced: %d bytes, %v", len(now), err)
		}
	}
}

func TestManifestFileIsLeftWhenItStands(t *testing.T) {
	dir, cache, target := copyProject(t), t.TempDir(), t.TempDir()
	write := func() os.FileInfo {
		if err := loadShop(t, dir, cache, nil).WriteJSON(target); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(target, "manifest.json"))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	first, second := write(), write()
	if !os.SameFile(first, second) {
		t.Error("an unchanged manifest was written again")
	}
	if err := os.WriteFile(filepath.Join(target, "manifest.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if third := write(); third.Size() != first.Size() {
		t.Errorf("another program's manifest was left: %d bytes", third.Size())
	}
}

func FuzzDecoder(f *testing.F) {
	s := saved{Key: "k", Nodes: []*project.Node{{UniqueID: "model.a.b", FQN: []string{"a", "b"},
		Properties: map[string]any{"meta": map[string]any{"n": int64(1), "f": 1.5, "l": []any{true, nil}}}}}}
	e := &encoder{texts: map[string]uint64{}, fields: fields{}}
	if err := e.value(reflect.ValueOf(&s).Elem()); err != nil {
		f.Fatal(err)
	}
	f.Add(e.buf)
	f.Add([]byte{})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, data []byte) {
		var out saved
		d := newDecoder(data)
		d.value(reflect.ValueOf(&out).Elem())
		if d.err == nil && d.at > len(data) {
			t.Errorf("read %d of %d bytes", d.at, len(data))
		}
	})
}

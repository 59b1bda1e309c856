package compile

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// compiledPath is where a node's compiled text belongs below the target
// folder. Tests of a properties file share that file's path as a folder, and
// batches the model's.
func compiledPath(n *project.Node, b *Batch) string {
	file := n.Path
	if n.Kind == project.Test && n.Test.Generic != "" {
		file = path.Join(n.Path, n.Test.FileName)
	}
	if b != nil {
		dir, base := path.Split(file)
		ext := path.Ext(base)
		stem := strings.TrimSuffix(base, ext)
		file = path.Join(dir, stem, stem+"_"+b.name(n)+ext)
	}
	return path.Join("compiled", n.Package, file)
}

// Write stores a compiled text below the target folder. The file is complete
// or absent, also after a crash. One that holds the text already is left alone:
// replacing it costs 0.2 ms between a model's statements, reading it 0.01.
func (c Compiled) Write(targetDir string) error {
	name := filepath.Join(targetDir, filepath.FromSlash(c.Path))
	if was, err := os.ReadFile(name); err == nil && string(was) == c.SQL {
		return nil
	}
	return WriteFile(name, []byte(c.SQL), readable)
}

// Who may read a file: what a run leaves is for everybody, what only the next
// run wants is the user's own.
const (
	readable os.FileMode = 0o644
	private  os.FileMode = 0o600
)

// WriteArtifact writes a file of the target folder in one step. One that holds
// the text already is left alone.
func WriteArtifact(targetDir, name string, text []byte) error {
	path := filepath.Join(targetDir, name)
	if was, err := os.ReadFile(path); err == nil && bytes.Equal(was, text) {
		return nil
	}
	if err := WriteFile(path, text, readable); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// WriteFile replaces a file in one step, and makes its folder where there is none.
func WriteFile(name string, data []byte, mode os.FileMode) error {
	return writeStream(name, mode, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// writeStream replaces a file in one step by what write gives.
func writeStream(name string, mode os.FileMode, write func(io.Writer) error) error {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(f.Name(), mode)
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

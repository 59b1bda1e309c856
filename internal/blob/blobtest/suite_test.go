package blobtest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/blob"
	"github.com/tiendi/tiendi/internal/blob/azure"
	"github.com/tiendi/tiendi/internal/blob/blobtest"
	"github.com/tiendi/tiendi/internal/blob/folder"
	"github.com/tiendi/tiendi/internal/blob/s3"
)

func TestFolder(t *testing.T) {
	t.Parallel()
	blobtest.Suite(t, folder.New(filepath.Join(t.TempDir(), "made", "later")))
}

func TestAzure(t *testing.T) {
	t.Parallel()
	config := blobtest.Azurite(t)
	b, err := azure.New(config)
	if err != nil {
		t.Fatal(err)
	}
	blobtest.Suite(t, b)
	t.Run("Signature", func(t *testing.T) {
		config := config
		config.Key = blobtest.Signature(t, config)
		signed, err := azure.New(config)
		if err != nil {
			t.Fatal(err)
		}
		if err := signed.Put(t.Context(), "signed/one", []byte("x")); err != nil {
			t.Error(err)
		}
		for o, err := range signed.List(t.Context(), "signed/") {
			if err != nil || o.Size != 1 {
				t.Errorf("listed: %v, %v", o, err)
			}
		}
		r, err := signed.Open(t.Context(), "signed/one", 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
		if err := signed.Delete(t.Context(), "signed/one"); err != nil {
			t.Error(err)
		}
	})
	t.Run("Refused", func(t *testing.T) {
		config := config
		config.Key = strings.Repeat("A", 86) + "=="
		refused, err := azure.New(config)
		if err != nil {
			t.Fatal(err)
		}
		if err := refused.Put(t.Context(), "x", nil); err == nil || !strings.Contains(err.Error(), "archive.key") {
			t.Errorf("another key: %v", err)
		}
	})
	t.Run("NoContainer", func(t *testing.T) {
		config := config
		config.Container, config.Key = "none", blobtest.AzuriteKey
		none, err := azure.New(config)
		if err != nil {
			t.Fatal(err)
		}
		if err := none.Put(t.Context(), "x", nil); err == nil || !strings.Contains(err.Error(), "no such container") {
			t.Errorf("no container: %v", err)
		}
	})
}

func TestS3(t *testing.T) {
	t.Parallel()
	config := blobtest.VersityGW(t)
	blobtest.Suite(t, s3.New(config))
	t.Run("Refused", func(t *testing.T) {
		config := config
		config.Key = "another"
		if err := s3.New(config).Put(t.Context(), "x", nil); err == nil || !strings.Contains(err.Error(), "archive.key") {
			t.Errorf("another key: %v", err)
		}
	})
	t.Run("NoBucket", func(t *testing.T) {
		config := config
		config.Bucket = "none"
		if err := s3.New(config).Put(t.Context(), "x", nil); err == nil || !strings.Contains(err.Error(), "no such bucket") {
			t.Errorf("no bucket: %v", err)
		}
	})
}

// TestAway has stores that cannot be reached: the errors say where they should be, and
// nothing secret.
func TestAway(t *testing.T) {
	t.Parallel()
	const nobody = "http://127.0.0.1:1"
	signed, err := azure.New(azure.Config{Account: "shop", Container: "events", Endpoint: nobody, Key: "?sv=2026&sig=secret"})
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]blob.Bucket{
		"azure": signed, "s3": s3.New(s3.Config{Bucket: "events", Endpoint: nobody, KeyID: "me", Key: "secret"}),
	} {
		_, opened := b.Open(t.Context(), "x", 0, -1)
		for did, err := range map[string]error{"put": b.Put(t.Context(), "x", []byte("x")), "open": opened, "delete": b.Delete(t.Context(), "x")} {
			if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), nobody) || !strings.Contains(err.Error(), "connection refused") {
				t.Errorf("%s %s: %v", name, did, err)
			}
		}
	}
}

// TestFolderUnfinished has a Put that died on the way: it is no object, and is swept
// once nobody can be at it any more.
func TestFolderUnfinished(t *testing.T) {
	dir := t.TempDir()
	b := folder.New(dir)
	old, fresh := filepath.Join(dir, "a", ".put-1"), filepath.Join(dir, "a", ".put-2")
	if err := os.Mkdir(filepath.Dir(old), 0o750); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{old, fresh} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	then := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(old, then, then); err != nil {
		t.Fatal(err)
	}
	if err := b.Put(t.Context(), "a/b", []byte("x")); err != nil {
		t.Fatal(err)
	}
	for o, err := range b.List(t.Context(), "") {
		if err != nil || o.Name != "a/b" {
			t.Errorf("listed: %v %v", o, err)
		}
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("what is old is still there: %v", err)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Errorf("what is fresh is gone: %v", err)
	}
}

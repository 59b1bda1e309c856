package archive_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/blob"
	"github.com/tiendi/tiendi/internal/blob/azure"
	"github.com/tiendi/tiendi/internal/blob/blobtest"
	"github.com/tiendi/tiendi/internal/blob/folder"
	"github.com/tiendi/tiendi/internal/blob/s3"
	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

const structure = "event_id String, timestamp String"

// TestClickHouseReads has the engine read the files where they are, as docs/archive.md
// tells readers to.
func TestClickHouseReads(t *testing.T) {
	db := warehousetest.Open(t)
	for name, open := range map[string]func(*testing.T) (b blob.Bucket, from string){
		"folder": func(t *testing.T) (blob.Bucket, string) {
			dir := t.TempDir()
			return folder.New(dir), fmt.Sprintf("file(%s, 'JSONEachRow', '%s')", warehouse.Literal(dir+"/shop/analytics.raw/date=*/hour=*/*.ndjson.zst"), structure)
		},
		"azure": func(t *testing.T) (blob.Bucket, string) {
			c := blobtest.Azurite(t)
			b, err := azure.New(c)
			if err != nil {
				t.Fatal(err)
			}
			return b, fmt.Sprintf("azureBlobStorage(%s, %s, 'shop/analytics.raw/date=*/hour=*/*.ndjson.zst', %s, %s, 'JSONEachRow', 'auto', '%s')",
				warehouse.Literal(c.Endpoint), warehouse.Literal(c.Container), warehouse.Literal(c.Account), warehouse.Literal(c.Key), structure)
		},
		"s3": func(t *testing.T) (blob.Bucket, string) {
			c := blobtest.VersityGW(t)
			return s3.New(c), fmt.Sprintf("s3(%s, %s, %s, 'JSONEachRow', '%s')",
				warehouse.Literal(c.Endpoint+"/"+c.Bucket+"/shop/analytics.raw/date=*/hour=*/*.ndjson.zst"), warehouse.Literal(c.KeyID), warehouse.Literal(c.Key), structure)
		},
	} {
		t.Run(name, func(t *testing.T) {
			bucket, from := open(t)
			a := archive.New(bucket, "shop", 0)
			for n := range 4 {
				p := archive.NewPart(record.TopicRaw)
				for i := range 10 {
					if err := p.Add([]byte(event(10*n+i) + "\n")); err != nil {
						t.Fatal(err)
					}
				}
				span := archive.Span{Topic: record.TopicRaw, Log: log, From: uint64(10 * n), To: uint64(10*n + 10), Began: began.Add(time.Duration(n) * time.Hour)}
				if err := a.Write(t.Context(), span, p); err != nil {
					t.Fatal(err)
				}
			}
			rows, err := db.Query(t.Context(), "SELECT count(), uniqExact(event_id), min(timestamp) FROM "+from)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = rows.Close() }()
			var count, ids uint64
			var first string
			if !rows.Next() {
				t.Fatal(rows.Err())
			}
			if err := rows.Scan(&count, &ids, &first); err != nil || count != 40 || ids != 40 || first != "2026-11-20T13:05:00.000Z" {
				t.Errorf("%d rows, %d ids, from %s on, %v", count, ids, first, err)
			}
		})
	}
}

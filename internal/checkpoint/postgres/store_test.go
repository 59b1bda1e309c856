package postgres_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/checkpoint/checkpointtest"
	checkpoints "github.com/tiendi/tiendi/internal/checkpoint/postgres"
	"github.com/tiendi/tiendi/internal/postgres"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func open(t testing.TB, url string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// driver remembers its database, to damage it.
type driver struct {
	*checkpoints.Store
	db *postgres.DB
}

var subject = checkpointtest.Subject{
	Open: func(t testing.TB, ttl time.Duration) (one, two checkpointtest.Driver) {
		url := postgrestest.Database(t)
		a, b := open(t, url), open(t, url)
		return driver{checkpoints.New(a, ttl), a}, driver{checkpoints.New(b, ttl), b}
	},
	Damage: func(t testing.TB, d checkpointtest.Driver) {
		err := d.(driver).db.Tx(t.Context(), func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), "DELETE FROM tiendi.checkpoint_chunks WHERE number = 2")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	},
}

func TestSuite(t *testing.T) { checkpointtest.Run(t, subject) }

func BenchmarkSave(b *testing.B) { checkpointtest.Bench(b, subject) }

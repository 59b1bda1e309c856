package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/operate/backfill"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink/redis"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// fingerprints tell the versions of a node's text apart: its own, its settings,
// and the macros that it calls.
func (s *session) fingerprints() func(*project.Node) string {
	return func(n *project.Node) string {
		h := sha256.New()
		_ = json.NewEncoder(h).Encode([]any{n.Checksum, n.Config.Values, s.app.vars, s.manifest.Project.Root().Vars}) // a hash takes anything
		met := map[string]bool{}
		var macro func(id string)
		macro = func(id string) {
			if met[id] {
				return
			}
			met[id] = true
			text, calls, _ := s.manifest.MacroSource(id)
			fmt.Fprintln(h, id, text)
			for _, c := range calls {
				macro(c)
			}
		}
		for _, id := range n.Macros {
			macro(id)
		}
		return hex.EncodeToString(h.Sum(nil)[:12])
	}
}

// eventLoader loads one file at a time.
type eventLoader struct {
	app     *App
	options load.Options
}

// Load brings in what the raw table lacks. Rows that it refuses now it refused
// when they came, too, or they have expired since.
func (l *eventLoader) Load(ctx context.Context, path string) error {
	options := l.options
	options.Paths = []string{path}
	result, err := load.Run(ctx, options)
	if err != nil {
		return err
	}
	for _, f := range result.Files {
		if f.Err != nil {
			return f.Err
		}
		if f.Rejected > 0 {
			l.app.warn(fmt.Sprintf("%d events of %s were refused (expired, or no longer what the contract says); see load_rejects", f.Rejected, filepath.Base(path)))
		}
	}
	for _, u := range result.Unplaced {
		return fmt.Errorf("%s: %w", u.Path, u.Err)
	}
	return nil
}

// Time implements backfill.Loader.
func (l *eventLoader) Time(text string) (time.Time, bool) { return load.ParseTime(text) }

// redisDays brings the warehouse's days into Redis.
type redisDays struct {
	target *redis.Target
	client *warehouse.Client
	view   string
	zone   *time.Location
}

func (c *redisDays) close() { _ = c.target.Close() }

// wireCache finds Redis: the target's, or that of the local services.
func (s *session) wireCache(ctx context.Context) (*redisDays, error) {
	zone, err := s.zone()
	if err != nil {
		return nil, err
	}
	client, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	var figures *project.Node
	for _, n := range s.manifest.Nodes {
		if n.Name == figuresModel && n.Kind == project.Model {
			figures = n
		}
	}
	if figures == nil {
		return nil, fmt.Errorf("--cache: the project has no model %s, which says what Redis shows\n  tiendi init makes a project that has it", figuresModel)
	}
	var target *redis.Target
	url, err := s.redisURL(ctx)
	if err == nil {
		target, err = redis.New(redis.Config{URL: url, Zone: zone})
	}
	if err != nil {
		return nil, fmt.Errorf("--cache: %w", err)
	}
	view := warehouse.Ident(figures.Relation.Schema) + "." + warehouse.Ident(figures.Relation.Identifier)
	return &redisDays{target: target, client: client, view: view, zone: zone}, nil
}

const figuresModel = "daily_figures"

// Rewrite replaces a day's figures.
func (c *redisDays) Rewrite(ctx context.Context, day time.Time) error {
	err := c.target.Rebuild(ctx, day, c.rows(ctx, day.In(c.zone)))
	if errors.Is(err, redis.ErrDay) {
		return fmt.Errorf("%w: %w", backfill.ErrNotYet, err)
	}
	return err
}

// rows reads the day's figures.
func (c *redisDays) rows(ctx context.Context, day time.Time) iter.Seq2[redis.Row, error] {
	return func(yield func(redis.Row, error) bool) {
		rows, err := c.client.Query(ctx, "SELECT dimensions, store_id, product_id, traffic_source, views, carts, checkouts, purchases, units, toInt64(live_revenue * 100) FROM "+
			c.view+" WHERE date = toDate("+warehouse.Literal(day.Format(time.DateOnly))+")")
		if err != nil {
			yield(redis.Row{}, err)
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r redis.Row
			var by string
			var store, product uuid.UUID
			err := rows.Scan(&by, &store, &product, &r.Source, &r.Views, &r.Carts, &r.Checkouts, &r.Purchases, &r.Units, &r.Revenue)
			r.StoreID, r.ProductID = event.ID(store), event.ID(product)
			r.By = record.By(slices.Index([]string{"store", "product", "store_source"}, by))
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(redis.Row{}, err)
		}
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/ingest/cdc"
	"github.com/tiendi/tiendi/internal/operate/forget"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/stream/sink/clickhouse"
	"github.com/tiendi/tiendi/internal/stream/worker"
	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// forgetOptions wires all places that people may be in; closing gives back what it opened.
func (s *session) forgetOptions(ctx context.Context, o *forgetOptions) (f forget.Options, closing func(), err error) {
	var closers []func()
	closing = func() {
		for _, c := range closers {
			c()
		}
	}
	f = forget.Options{
		Users: o.users, Texts: o.emails, Personal: forget.PersonalKeys(), DryRun: o.dryRun, DespiteSource: o.ourselves,
		LogKeeps: keepEvents, Wait: o.wait, Clock: s.app.Now, Logger: s.app.Log,
	}
	if _, set := s.anyVar("personal_properties"); set {
		names, err := s.texts("personal_properties")
		if err != nil {
			return f, closing, err
		}
		f.Personal = nil
		for _, name := range names {
			f.Personal = append(f.Personal, strings.ToLower(name))
		}
	}
	if f.Warehouse, err = s.forgetWarehouse(); err != nil {
		return f, closing, err
	}
	f.Declared = s.declaredColumns()
	left, err := filepath.Glob(filepath.Join(s.targetDir(), "archive-*"))
	if err != nil {
		return f, closing, err
	}
	for _, dir := range left {
		f.Notes = append(f.Notes, dir+" has events out of the archive: unless a backfill is at work, one was killed; remove it")
	}
	if url := s.settings.CDC.URL.Reveal(); url != "" {
		f.Source = &forget.Source{URL: url, Tables: s.settings.CDC.Tables}
		if len(f.Source.Tables) == 0 {
			f.Source.Tables = cdc.DefaultTables()
		}
	}
	wiring := &streamWiring{}
	closers = append(closers, wiring.close)
	return f, closing, s.wirePlaces(ctx, &f, wiring)
}

// wirePlaces adds what the target has besides its warehouse.
func (s *session) wirePlaces(ctx context.Context, f *forget.Options, wiring *streamWiring) error {
	var kept *archive.Archive
	kept, err := openArchive(s.settings.Archive)
	switch {
	case err == nil:
		f.Places = append(f.Places, &forget.Archive{Archive: kept})
	case !errors.Is(err, errNoArchive):
		return err
	}
	store, err := s.streamState(ctx, wiring)
	if err != nil {
		return err
	}
	if wiring.db != nil {
		f.Places = append(f.Places, &forget.LiveSessions{DB: wiring.db})
	}
	for partition := range s.settings.Broker.Partitions {
		task := worker.Task{Stage: worker.Sessionize, Partition: partition}.String()
		f.Checkpoints = append(f.Checkpoints, forget.Checkpoint{Task: task, Load: func(ctx context.Context) ([]byte, error) {
			_, data, err := checkpoint.LoadBytes(ctx, store, task)
			if errors.Is(err, checkpoint.ErrNone) {
				err = nil
			}
			return data, err
		}})
	}
	return nil
}

func (s *session) forgetWarehouse() (*forget.Warehouse, error) {
	if s.settings.Warehouse.Cluster != "" {
		return nil, errors.New("tiendi forget changes the tables of one server only, and the target is a cluster: others would keep what it forgets\n  for a cluster of one host leave warehouse.cluster out for this command: TIENDI_WAREHOUSE_CLUSTER= tiendi forget …\n  for one of several docs/forget.md says how to build it again without the person")
	}
	if err := os.MkdirAll(s.targetDir(), 0o755); err != nil {
		return nil, err
	}
	w := &forget.Warehouse{
		Client: s.client, Database: s.settings.Warehouse.Database, Schemas: []string{s.settings.Warehouse.Database},
		Models: map[[2]string]forget.Model{}, Dir: s.targetDir(), Logger: s.app.Log,
		Refills: clickhouse.StagePrefix,
	}
	for _, n := range s.manifest.Nodes {
		if n.Relation.Schema == "" || !slices.Contains([]project.Kind{project.Model, project.Seed, project.Snapshot}, n.Kind) {
			continue
		}
		if !slices.Contains(w.Schemas, n.Relation.Schema) {
			w.Schemas = append(w.Schemas, n.Relation.Schema)
		}
		spec, _, err := materialize.ReadSpec(n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.UniqueID, err)
		}
		built := slices.Contains([]string{"table", "incremental", "snapshot", "seed"}, n.Config.Materialized) && !spec.Keep
		w.Models[[2]string{n.Relation.Schema, n.Relation.Identifier}] = forget.Model{
			Built: built, ByKey: n.Config.Materialized == "incremental" && len(spec.UniqueKey) > 0,
		}
	}
	return w, nil
}

// declaredColumns are those that the project's raw models name, by the shop's table.
func (s *session) declaredColumns() map[string][]string {
	declared := map[string][]string{}
	for _, n := range s.manifest.Nodes {
		if source, isRaw := strings.CutSuffix(n.Name, "_raw"); isRaw && n.Kind == project.Model {
			for _, c := range n.Columns {
				declared[source] = append(declared[source], c.Name)
			}
		}
	}
	return declared
}

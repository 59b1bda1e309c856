package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/cdc"
	"github.com/tiendi/tiendi/internal/operate/backfill"
	"github.com/tiendi/tiendi/internal/operate/verify"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// verifyOptions wires a verification.
func (s *session) verifyOptions(ctx context.Context, o *verifyOptions) (v verify.Options, err error) {
	zone, err := s.zone()
	if err != nil {
		return v, err
	}
	v = verify.Options{
		Tables: o.tables, Warehouse: s.client, Database: s.settings.Warehouse.Database,
		MaxWait: o.maxWait, Poll: 2 * time.Second, Shape: verify.Shape{Zone: zone, Now: s.app.Now(), Begins: backfill.DayStart},
	}
	if v.Shape.From, v.Shape.To, err = verify.ParseRange(o.from, o.to, zone, v.Shape.Now, backfill.DayStart); err != nil {
		return v, err
	}
	if v.Shape.Relations, err = s.relations(ctx); err != nil {
		return v, err
	}
	if v.Shape.Cancelled, err = s.texts("cancelled_statuses"); err != nil {
		return v, err
	}
	if v.Shape.Sold, err = s.texts("sold_statuses"); err != nil {
		return v, err
	}
	if v.Shape.TTLYears, err = strconv.Atoi(s.stringVar("ttl_years", "0")); err != nil {
		return v, fmt.Errorf("var ttl_years is no number of years: %w", err)
	}
	if url := s.settings.CDC.URL.Reveal(); url != "" {
		v.Source = &verify.SourceOptions{URL: url, Tables: s.settings.CDC.Tables}
		if len(v.Source.Tables) == 0 {
			v.Source.Tables = cdc.DefaultTables()
		}
	}
	if a := s.settings.Archive; a.Type != "" {
		if v.Archive, err = openArchive(a); err != nil {
			return v, err
		}
	}
	return v, nil
}

// texts is a var that is a list of texts.
func (s *session) texts(name string) (texts []string, err error) {
	if _, set := s.anyVar(name); !set {
		return nil, nil
	}
	list, err := s.listVar(name)
	for _, item := range list {
		texts = append(texts, string(item))
	}
	return texts, err
}

// relations are the models that are built, by name, as SQL.
func (s *session) relations(ctx context.Context) (relations map[string]string, err error) {
	there, err := s.tablesThere(ctx)
	if err != nil {
		return nil, err
	}
	relations = map[string]string{}
	for _, n := range s.manifest.Nodes {
		if n.Kind != project.Model {
			continue
		}
		name := [2]string{cmp.Or(n.Relation.Schema, s.settings.Warehouse.Database), n.Relation.Identifier}
		if there[name] {
			relations[n.Name] = warehouse.Ident(name[0]) + "." + warehouse.Ident(name[1])
		}
	}
	return relations, nil
}

func (s *session) tablesThere(ctx context.Context) (there map[[2]string]bool, err error) {
	rows, err := s.client.Query(ctx, "SELECT database, name FROM system.tables WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema')")
	if err != nil {
		return nil, err
	}
	defer func() { err = cmp.Or(err, rows.Close()) }()
	there = map[[2]string]bool{}
	for rows.Next() {
		var name [2]string
		if err := rows.Scan(&name[0], &name[1]); err != nil {
			return nil, err
		}
		there[name] = true
	}
	return there, rows.Err()
}

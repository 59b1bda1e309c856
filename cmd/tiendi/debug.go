package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/postgres"
	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/warehouse"
)

func newDebugCommand(app *App) *cobra.Command {
	return &cobra.Command{
		Use:     "debug",
		Short:   "Check the project, the profile and every service of the target",
		Long:    "Tries everything that the other commands need, in order, and says of each whether it\nworks and what is wrong with it. The exit code is 1 when something is.",
		Example: "  tiendi debug\n  tiendi debug --target prod",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runDebug(cmd.Context(), app) },
	}
}

// probe is one thing to check: run gives what was found, or what is wrong.
type probe struct {
	name string
	run  func(ctx context.Context) (string, error)
}

func runDebug(ctx context.Context, app *App) error {
	s := &session{app: app}
	defer s.close()
	failed, tried := 0, 0
	for _, p := range s.probes() {
		found, err := p.run(ctx)
		if errors.Is(err, errNotUsed) {
			continue
		}
		tried++
		word, text := app.Console.Paint(console.Good, "ok   "), found
		if err != nil {
			failed++
			word, text = app.Console.Paint(console.Bad, "error"), strings.ReplaceAll(err.Error(), "\n", "\n                   ")
		}
		fmt.Fprintf(app.Console.Out, "%s  %-11s  %s\n", word, p.name, text)
		if errors.Is(err, context.Canceled) {
			return err
		}
	}
	if failed > 0 {
		return &failedError{err: fmt.Errorf("%d of %d checks failed", failed, tried)}
	}
	return nil
}

// errNotUsed marks a check of what the target does not have.
var errNotUsed = errors.New("the target has no such service")

// errNotReached marks a check that an earlier failure keeps from being tried.
var errNotReached = errors.New("not tried, since an earlier check failed")

func (s *session) probes() []probe {
	return []probe{
		{"version", func(context.Context) (string, error) { return versionText(), nil }},
		{"profile", s.probeProfile},
		{"project", s.probeProject},
		{"warehouse", s.probeWarehouse},
		{"database", s.probeDatabase},
		{"postgres", s.probePostgres},
	}
}

func (s *session) probeProfile(context.Context) (string, error) {
	var err error
	if s.dir, err = s.app.projectDir(); err != nil {
		return "", err
	}
	name, err := projectProfile(s.dir)
	if err != nil {
		return "", err
	}
	if s.settings, err = s.app.settings(name); err != nil {
		s.settings = profile.Settings{}
		return "", err
	}
	file := s.settings.File
	if file == "" {
		file = "no profiles.yaml, defaults"
	}
	return fmt.Sprintf("%s, target %s (%s), %d threads", s.settings.Profile, s.settings.Target, file, s.settings.Threads), nil
}

func (s *session) probeProject(ctx context.Context) (string, error) {
	if s.settings.Target == "" {
		return "", errNotReached
	}
	opened, err := s.app.open(ctx, compile.Flags{Which: "debug"})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: %d nodes, %d sources in %s", opened.manifest.Project.Root().Name,
		len(opened.manifest.Nodes), len(opened.manifest.Sources), s.dir), nil
}

func (s *session) probeWarehouse(ctx context.Context) (string, error) {
	if s.settings.Target == "" {
		return "", errNotReached
	}
	client, err := s.connect(ctx)
	if err != nil {
		return "", err
	}
	version, err := queryText(ctx, client, "SELECT version()")
	if err != nil {
		return "", err
	}
	config := client.Config()
	return fmt.Sprintf("%s, ClickHouse %s at %s", s.settings.Warehouse.Type, version, strings.Join(config.Addrs, ", ")), nil
}

// probeDatabase makes and drops a table, which is what a run needs to be
// allowed.
func (s *session) probeDatabase(ctx context.Context) (string, error) {
	if s.client == nil {
		return "", errNotReached
	}
	database := s.settings.Warehouse.Database
	engine, err := queryText(ctx, s.client, "SELECT engine FROM system.databases WHERE name = "+warehouse.Literal(database))
	if err != nil {
		return "", err
	}
	name := warehouse.Ident(database) + "." + warehouse.Ident("tiendi_debug_"+strings.ReplaceAll(s.settings.Target, "-", "_"))
	for _, statement := range []string{
		"CREATE TABLE IF NOT EXISTS " + name + " (n UInt8) ENGINE = MergeTree ORDER BY n",
		"DROP TABLE " + name,
	} {
		if _, err := s.client.Exec(ctx, statement); err != nil {
			return "", fmt.Errorf("the user may not do what a run does: %w", err)
		}
	}
	return fmt.Sprintf("%s (%s), tables can be made", database, engine), nil
}

// probePostgres tries the database of the live figures, and changes nothing in it.
func (s *session) probePostgres(ctx context.Context) (string, error) {
	url := s.settings.Postgres.URL.Reveal()
	if url == "" {
		return "", errNotUsed
	}
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return "", err
	}
	defer db.Close()
	version, err := db.Version(ctx)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("PostgreSQL %s at %s", version, db.Host()), nil
}

// queryText gives the one value of a query, as text.
func queryText(ctx context.Context, client *warehouse.Client, query string) (text string, err error) {
	rows, err := client.Query(ctx, query)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(&text); err != nil {
			return "", err
		}
	}
	return text, rows.Err()
}

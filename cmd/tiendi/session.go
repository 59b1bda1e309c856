package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// session is a project opened for one command: its settings, its manifest, and
// the warehouse once something asks for it.
type session struct {
	app      *App
	dir      string
	settings profile.Settings
	options  compile.Options
	manifest *compile.Manifest

	client *warehouse.Client
	lease  *local.Lease
	leased func(*local.Lease) // told of lease, where a command depends on it
	found  *report.Search     // what the last search for anomalies found
}

// open reads the settings and parses the project. flags.Which names the
// subcommand.
func (a *App) open(ctx context.Context, flags compile.Flags) (*session, error) {
	s, err := a.begin(flags)
	if err != nil {
		return nil, err
	}
	return s, s.parse(ctx)
}

// openConnected is open for commands that need the warehouse in any case: the
// engine starts, or answers, while the project is parsed.
func (a *App) openConnected(ctx context.Context, flags compile.Flags) (*session, error) {
	s, err := a.begin(flags)
	if err != nil {
		return nil, err
	}
	connected := make(chan error, 1)
	go func() {
		_, err := s.connect(ctx)
		connected <- err
	}()
	// What is wrong with the project is said first: it is what people work on.
	parseErr, connectErr := s.parse(ctx), <-connected
	if err := cmp.Or(parseErr, connectErr); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// begin settles everything that can be known without reading the project.
func (a *App) begin(flags compile.Flags) (*session, error) {
	dir, err := a.projectDir()
	if err != nil {
		return nil, err
	}
	profileName, err := projectProfile(dir)
	if err != nil {
		return nil, err
	}
	s := &session{app: a, dir: dir}
	if s.settings, err = a.settings(profileName); err != nil {
		return nil, err
	}
	s.options, err = s.compileOptions(flags)
	return s, err
}

func (s *session) parse(ctx context.Context) error {
	progress := s.app.Console.Start("Reading the project")
	defer progress.Stop()
	var err error
	if s.manifest, err = compile.Load(ctx, project.Options{Dir: s.dir}, s.options); err != nil {
		return err
	}
	for _, warning := range s.manifest.Warnings {
		s.app.warn(warning.Error())
	}
	return nil
}

// warn says what stops nothing but should be known.
func (a *App) warn(text string) {
	if a.json {
		a.Log.Warn(text)
		return
	}
	a.Console.Notice("%s %s", a.Console.Paint(console.Warn, "warning:"), text)
}

func (s *session) compileOptions(flags compile.Flags) (compile.Options, error) {
	state, err := s.app.stateDir()
	if err != nil {
		return compile.Options{}, err
	}
	id, err := uuid.NewRandomFromReader(rand.Reader)
	if err != nil {
		return compile.Options{}, fmt.Errorf("make an invocation id: %w", err)
	}
	w := s.settings.Warehouse
	return compile.Options{
		Target: compile.Target{
			Name: s.settings.Target, Profile: s.settings.Profile, Type: "clickhouse",
			Schema: w.Database, Threads: s.settings.Threads, Cluster: w.Cluster,
		},
		Vars: s.app.vars, Flags: flags, LookupEnv: s.app.LookupEnv,
		Now: s.app.Now().UTC(), InvocationID: id.String(),
		CacheDir: filepath.Join(state, "cache"), Logger: s.app.Log,
		Print: func(text string) { s.app.Console.Print("%s", text) },
	}, nil
}

// projectProfile reads the profile's name alone: settings come before the
// project, whose YAML may ask what the target is.
func projectProfile(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "dbt_project.yml"))
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("no dbt_project.yml in %s: name the project's folder with --project-dir, or make one: tiendi init", dir)
	}
	if err != nil {
		return "", fmt.Errorf("read the project: %w", err)
	}
	var head struct {
		Profile string `yaml:"profile"`
	}
	// A file that is not YAML is reported, with its place, when it is read whole.
	_ = yaml.Unmarshal(text, &head)
	return head.Profile, nil
}

// close gives back what the session holds.
func (s *session) close() {
	if s.client != nil {
		if err := s.client.Close(); err != nil {
			s.app.Log.Warn("close the warehouse", "error", err)
		}
	}
	if s.lease != nil {
		s.lease.Release()
	}
}

// stringVar is a var of the project as text, or fallback where it is not set.
func (s *session) stringVar(name, fallback string) string {
	if value, ok := s.anyVar(name); ok {
		return fmt.Sprint(value)
	}
	return fallback
}

// anyVar is a var of the project, as YAML has it.
func (s *session) anyVar(name string) (any, bool) {
	for _, vars := range []map[string]any{s.app.vars, s.manifest.Project.Root().Vars} {
		if value, ok := vars[name]; ok {
			return value, true
		}
	}
	return nil, false
}

// targetDir is where compiled SQL and artifacts go.
func (s *session) targetDir() string {
	dir := s.app.flags.targetPath
	if dir == "" {
		dir = s.manifest.Project.Root().TargetPath
	}
	if filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(s.dir, dir)
}

package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/profile"
)

// App is what every subcommand shares: streams, clock, environment and the
// flags that stand before and after any subcommand.
type App struct {
	Console   *console.Console
	In        io.Reader
	LookupEnv func(string) (string, bool)
	Now       func() time.Time
	Log       *slog.Logger

	flags globalFlags
	vars  map[string]any
	json  bool // --log-format json: nothing but JSON goes to standard error
}

// globalFlags are dbt's own, by dbt's names, and the state folder.
type globalFlags struct {
	projectDir, profilesDir, profile, target string
	vars, targetPath, stateDir, logFormat    string
	threads                                  int
	quiet                                    bool
}

func (a *App) addFlags(flags *pflag.FlagSet) {
	f := &a.flags
	flags.StringVar(&f.projectDir, "project-dir", "", "folder of dbt_project.yml (default: this folder or the nearest above)")
	flags.StringVar(&f.profilesDir, "profiles-dir", "", "folder of profiles.yaml (default: the project's, then the home folder's)")
	flags.StringVar(&f.profile, "profile", "", "profile to use instead of the project's")
	flags.StringVarP(&f.target, "target", "t", "", "target of the profile to use")
	flags.StringVar(&f.vars, "vars", "", "project variables as YAML: '{timezone: America/Lima}'")
	flags.IntVar(&f.threads, "threads", 0, "nodes to run at once (default: as the target says)")
	flags.StringVar(&f.targetPath, "target-path", "", "folder for compiled SQL and artifacts (default: target)")
	flags.StringVar(&f.stateDir, "state-dir", "", "folder for local state (default: .tiendi in the project)")
	flags.StringVar(&f.logFormat, "log-format", "text", "text or json")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "print errors only")
}

// settle checks the global flags once they are all known.
func (a *App) settle() error {
	a.Console.Quiet = a.flags.quiet
	switch a.flags.logFormat {
	case "text":
		a.Log = slog.New(slog.NewTextHandler(a.Console.Err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	case "json":
		a.Console.Quiet, a.Console.Live = true, false
		a.Log = slog.New(slog.NewJSONHandler(a.Console.Err, nil))
		a.json = true
	default:
		return fmt.Errorf("unknown --log-format %q: use text or json", a.flags.logFormat)
	}
	if a.flags.threads < 0 {
		return fmt.Errorf("--threads %d: give a number from 1", a.flags.threads)
	}
	if a.flags.vars == "" {
		return nil
	}
	if err := yaml.Unmarshal([]byte(a.flags.vars), &a.vars); err != nil {
		return fmt.Errorf("--vars %q is not a mapping\n  write it as '{name: value}'", a.flags.vars)
	}
	return nil
}

// projectDir is --project-dir, or the nearest folder from here upwards that
// holds a dbt_project.yml.
func (a *App) projectDir() (string, error) {
	if a.flags.projectDir != "" {
		return filepath.Abs(a.flags.projectDir)
	}
	here, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the project: %w", err)
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "dbt_project.yml")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no dbt_project.yml in %s or above\n  run this inside a project, name one with --project-dir, or make one: tiendi init", here)
		}
	}
}

// stateDir is where the local engine and its data live.
func (a *App) stateDir() (string, error) {
	if a.flags.stateDir != "" {
		return filepath.Abs(a.flags.stateDir)
	}
	dir, err := a.projectDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, ".tiendi"), nil
}

// settings reads the profile and lays the flags over it. profileName is the
// project's own, "" where no project is at hand.
func (a *App) settings(profileName string) (profile.Settings, error) {
	dir, err := a.projectDir()
	if err != nil {
		return profile.Settings{}, err
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = ""
	}
	if a.flags.profile != "" {
		profileName = a.flags.profile
	}
	s, err := profile.Load(profile.Options{
		ProfilesDir: a.flags.profilesDir, ProjectDir: dir, HomeDir: home,
		Profile: profileName, Target: a.flags.target,
		LookupEnv: a.LookupEnv,
		Notice:    func(text string) { a.Console.Notice("%s", text) },
	})
	if err != nil {
		return s, err
	}
	if s.File == "" && a.flags.profile != "" {
		return s, fmt.Errorf("there is no profile %s: no profiles.yaml was found\n"+
			"  copy profiles.example.yaml to profiles.yaml, or leave --profile out for the embedded engine", a.flags.profile)
	}
	if a.flags.threads > 0 {
		s.Threads = a.flags.threads
	}
	return s, nil
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/local"
)

// newLocalCommand makes `tiendi local`: the services of a laptop by hand. Every
// command that needs them starts them by itself.
func newLocalCommand(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "local",
		Short: "Look after the local engine: install, up, down, status",
		Long: "Commands that need the local engine start it by themselves, and it ends when it has been idle for a while.\n" +
			"These commands fetch it beforehand, keep it running, stop it, or say how it is doing.",
	}
	cmd.AddCommand(newLocalInstall(app), newLocalUp(app), newLocalDown(app), newLocalStatus(app))
	return cmd
}

func newLocalInstall(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "install",
		Short: "Fetch the local engine (178 MB, once per user)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			progress := app.Console.Start("Looking for the engine")
			path, err := local.Install(cmd.Context(), func(text string) { progress.Update("%s", text) })
			progress.Stop()
			if err != nil {
				return err
			}
			app.Console.Notice("The engine is installed: %s", path)
			return nil
		},
	}
}

func newLocalUp(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "up",
		Short: "Start the local engine and keep it until \"tiendi local down\"",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return app.withLocal(func(o local.Options) error {
				cfg, err := local.Up(cmd.Context(), o)
				if err != nil {
					return err
				}
				app.Console.Notice("The local engine is up: native %s, HTTP %s, user %s", cfg.Addrs[0], cfg.HTTPAddr, cfg.User)
				return nil
			})
		},
	}
}

func newLocalDown(app *App) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "down",
		Short: "Stop the local engine once nothing uses it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return app.withLocal(func(o local.Options) error {
				if err := local.Down(cmd.Context(), o, force); err != nil {
					return err
				}
				app.Console.Notice("The local engine is down")
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "stop at once, whatever runs")
	return cmd
}

func newLocalStatus(app *App) *cobra.Command {
	format := "table"
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say how the local engine is doing",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := console.CheckFormat(format); err != nil {
				return err
			}
			return app.withLocal(func(o local.Options) error { return localStatus(cmd.Context(), app.Console, o, format) })
		},
	}
	cmd.Flags().StringVarP(&format, "output", "o", format, "table, json, csv or markdown")
	return cmd
}

// withLocal calls f with where the local services live and how they run, as the
// target's profile says.
func (a *App) withLocal(f func(local.Options) error) error {
	limit, err := a.memoryLimit()
	if err != nil {
		return err
	}
	o, stop, err := a.localOptions(limit)
	if err != nil {
		return err
	}
	defer stop()
	return f(o)
}

// memoryLimit is the engine's by the profile; none where only a state folder
// is at hand and no project.
func (a *App) memoryLimit() (string, error) {
	dir, err := a.projectDir()
	if err != nil {
		return "", nil
	}
	name, err := projectProfile(dir)
	if err != nil {
		return "", err
	}
	settings, err := a.settings(name)
	return settings.Warehouse.MemoryLimit, err
}

func localStatus(ctx context.Context, out *console.Console, o local.Options, format string) error {
	st, err := local.ReadStatus(ctx, o)
	if err != nil {
		return err
	}
	if format == "json" {
		enc := json.NewEncoder(out.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(st)
	}
	return out.WriteTable(format, statusTable(st, time.Now()))
}

// statusTable has a row for each thing worth knowing, commands last.
func statusTable(st local.Status, now time.Time) console.Table {
	t := console.Table{Headers: []string{"what", "value"}}
	add := func(what, format string, args ...any) {
		t.Rows = append(t.Rows, []string{what, fmt.Sprintf(format, args...)})
	}
	add("state", "%s", map[bool]string{true: "running", false: "stopped"}[st.Running])
	add("folder", "%s (%s)", st.StateDir, console.Bytes(st.Disk))
	if !st.Running {
		return t
	}
	ends := fmt.Sprintf("after %s without use", st.Idle)
	if st.Pinned {
		ends = `by "tiendi local down"`
	}
	add("supervisor", "process %d, %s, up %s, ends %s", st.PID, st.Version, console.Duration(now.Sub(st.Started)), ends)
	for _, s := range st.Services {
		if !s.Running {
			add(s.Name, "not running")
			continue
		}
		add(s.Name, "process %d, version %s, up %s, restarts %d", s.PID, s.Version, console.Duration(now.Sub(s.Started)), s.Restarts)
		address := s.Address
		if s.HTTPAddress != "" {
			address = "native " + address + ", HTTP " + s.HTTPAddress
		}
		add(s.Name+" address", "%s", address)
		add(s.Name+" memory", "%s", console.Bytes(s.Memory))
		if s.HTTPAddress != "" { // the engine, which alone has them
			add(s.Name+" work", "%d queries, %d mutations", s.Queries, s.Mutations)
		}
	}
	add("leases", "%d", len(st.Leases))
	for _, l := range st.Leases {
		add("lease "+strconv.Itoa(l.PID), "%s, for %s", l.Command, console.Duration(now.Sub(l.Since)))
	}
	return t
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/event"
)

// eventsOptions are those of all commands below `tiendi events`.
type eventsOptions struct {
	schemas string
}

// newEventsCommand makes `tiendi events`: the contract of events. No
// warehouse is asked.
func newEventsCommand(app *App) *cobra.Command {
	o := &eventsOptions{}
	cmd := &cobra.Command{
		Use:   "events",
		Short: "Look at the event contract, and hold events against it: list, validate, docs, send, rejected",
		Long: "Every event type has a JSON Schema (2020-12). tiendi brings those of a marketplace; a\n" +
			"project adds types, or extends them, with <type>.json in its folder events/.",
		Args: cobra.NoArgs,
	}
	cmd.PersistentFlags().StringVar(&o.schemas, "schemas", "", "folder of the project's event schemas (default: events in the project)")
	cmd.AddCommand(newEventsList(app, o), newEventsValidate(app, o), newEventsDocs(app, o), newEventsRejected(app, o), newEventsSend(app, o))
	return cmd
}

func newEventsList(app *App, o *eventsOptions) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the event types, and what each must have",
		Example: "  tiendi events list\n" +
			"  tiendi events list --output json\n" +
			"  tiendi events list --schemas shared/events",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return runEventsList(app, o, output) },
	}
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

func newEventsDocs(app *App, o *eventsOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "docs",
		Short: "Write the reference of all event types as Markdown",
		Long:  "Prints the event types, their properties and an example of each. The same schemas give\nthe same text, so that it can be kept in version control and compared.",
		Example: "  tiendi events docs > docs/event-reference.md\n" +
			"  tiendi events docs | diff docs/event-reference.md -",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := app.registry(o)
			if err != nil {
				return err
			}
			_, err = io.WriteString(app.Console.Out, r.Markdown())
			return err
		},
	}
}

// registry knows tiendi's event types and the project's. Outside a project it
// knows tiendi's alone.
func (a *App) registry(o *eventsOptions) (*event.Registry, error) {
	folder, name := o.schemas, o.schemas
	if folder == "" {
		dir, err := a.projectDir()
		if err != nil && a.flags.projectDir == "" {
			return event.NewRegistry(nil, "")
		}
		if err == nil {
			_, err = projectProfile(dir) // says what is wrong with --project-dir
		}
		if err != nil {
			return nil, err
		}
		folder, name = filepath.Join(dir, "events"), "events"
	}
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, os.ErrNotExist) && o.schemas == "":
		return event.NewRegistry(nil, "")
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("--schemas %s: there is no such folder", o.schemas)
	case err != nil:
		return nil, fmt.Errorf("read event schemas: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is a file: event schemas are files <type>.json in a folder", folder)
	}
	r, err := event.NewRegistry(os.DirFS(folder), filepath.ToSlash(filepath.Clean(name)))
	if err != nil {
		return nil, err
	}
	for _, note := range r.Notes() {
		a.warn(note)
	}
	return r, nil
}

// listedType is a line of `tiendi events list --output json`.
type listedType struct {
	Type        event.Type `json:"event_type"`
	Source      string     `json:"source"`
	Required    []string   `json:"required"`
	From        string     `json:"from"`
	Description string     `json:"description"`
}

func runEventsList(app *App, o *eventsOptions, output string) error {
	if err := console.CheckFormat(output); err != nil {
		return err
	}
	r, err := app.registry(o)
	if err != nil {
		return err
	}
	table := console.Table{Headers: []string{"event_type", "source", "required", "from"}}
	var listed []listedType
	for _, info := range r.Types() {
		line := listedType{info.Type, "server", info.Required, "tiendi", info.Description}
		if info.Web {
			line.Source = "web"
		}
		if info.File != "" {
			line.From = info.File
		}
		listed = append(listed, line)
		table.Rows = append(table.Rows, []string{string(line.Type), line.Source, strings.Join(line.Required, ", "), line.From})
	}
	if output != "json" {
		return app.Console.WriteTable(output, table)
	}
	encoder := json.NewEncoder(app.Console.Out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(listed)
}

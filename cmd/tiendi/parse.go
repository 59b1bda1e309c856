package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

func newParseCommand(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "parse",
		Short: "Read the project, report all that is wrong in it, and write manifest.json",
		Long: "Reads every file of the project and of its packages, finds out what depends on what,\n" +
			"and writes target/manifest.json and, for the metrics, semantic_manifest.json. No warehouse is asked. What is wrong is reported all\n" +
			"at once. A project that has not changed since the last command is not read again.",
		Example: "  tiendi parse\n" +
			"  tiendi parse --vars '{timezone: America/Lima}' --target prod",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runParse(cmd.Context(), app) },
	}
}

func runParse(ctx context.Context, app *App) error {
	start := app.Now()
	s, err := app.open(ctx, compile.Flags{Which: "parse"})
	if err != nil {
		return err
	}
	defer s.close()
	metrics, err := s.semantic()
	if err != nil {
		return err
	}
	parsed := app.Now()
	if err := s.manifest.WriteJSON(s.targetDir()); err != nil {
		return err
	}
	if err := s.writeSemantic(metrics); err != nil {
		return err
	}
	written := app.Now()
	took := func(from, to time.Time) string { return console.Duration(to.Sub(from)) }
	app.Console.Print("Parsed %s in %s (manifest %s).", counted(s.manifest), took(start, parsed), took(parsed, written))
	return nil
}

// counted says how much a project holds: "12 models, 30 tests, 4 sources".
func counted(m *compile.Manifest) string {
	counts := map[string]int{"source": len(m.Sources)}
	for _, n := range m.Nodes {
		counts[string(n.Kind)]++
	}
	for _, n := range m.Others {
		counts[string(n.Kind)]++
	}
	text := ""
	for _, kind := range kindNames {
		if counts[kind] == 0 {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%s %s", console.Count(counts[kind]), plural(kind, counts[kind]))
	}
	if text == "" {
		return "an empty project"
	}
	return text
}

// plural is a kind's name for so many.
func plural(kind string, n int) string {
	names := map[string][2]string{
		"analysis": {"analysis", "analyses"}, "semantic_model": {"semantic model", "semantic models"},
		"saved_query": {"saved query", "saved queries"},
	}
	both, ok := names[kind]
	if !ok {
		both = [2]string{kind, kind + "s"}
	}
	if n == 1 {
		return both[0]
	}
	return both[1]
}

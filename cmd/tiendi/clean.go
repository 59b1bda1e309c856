package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

func newCleanCommand(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "clean",
		Short: "Remove what runs have written",
		Long: "Removes the folders that clean-targets in dbt_project.yml names (target, unless it says\n" +
			"otherwise). A folder outside the project, or one that holds its files, is refused.",
		Example: "  tiendi clean",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runClean(cmd.Context(), app) },
	}
}

func runClean(ctx context.Context, app *App) error {
	dir, err := app.projectDir()
	if err != nil {
		return err
	}
	options := compile.Options{Vars: app.vars, LookupEnv: app.LookupEnv, Now: app.Now()}
	p, err := project.Open(ctx, project.Options{Dir: dir, Render: options.YAML()})
	if p == nil || saysProjectFile(err) {
		return err
	}
	plan, err := p.Root().CleanPlan()
	if err != nil {
		return err
	}
	for _, folder := range plan {
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("clean: %w", err)
		}
		name, err := filepath.Rel(dir, folder)
		if err != nil {
			name = folder
		}
		app.Console.Notice("removed %s", name)
	}
	if len(plan) == 0 {
		app.Console.Notice("there is nothing to remove")
	}
	return nil
}

// saysProjectFile says whether dbt_project.yml itself is wrong; what else is
// wrong with a project does not keep it from being cleaned.
func saysProjectFile(err error) bool {
	var problems project.Problems
	if !errors.As(err, &problems) {
		return err != nil
	}
	for _, problem := range problems {
		if problem.Place.File == project.ProjectFile {
			return true
		}
	}
	return false
}

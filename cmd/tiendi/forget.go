package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/operate/forget"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

type forgetOptions struct {
	users, emails              []string
	usersFile, output          string
	pending, dryRun, ourselves bool
	wait                       time.Duration
}

func newForgetCommand(app *App) *cobra.Command {
	o := &forgetOptions{}
	cmd := &cobra.Command{
		Use:   "forget",
		Short: "Make people unrecognisable in warehouse, archive and PostgreSQL, and prove it",
		Long: "Replaces the ids of users and of their sessions by random ones, the same everywhere, and\n" +
			"blots out what their rows say of them. Orders stay, and so does every figure. A second\n" +
			"look proves that nothing is left; the result says what was found where.\n\n" +
			"What the log still has may come in again for a week: until then the request is open, and\n" +
			"tiendi forget --pending goes after it. When it finds nothing any more, it closes the\n" +
			"request, and nobody can tell who became whom. Run it every night.\n\n" +
			"The shop's own database is not changed. While users are in it, this is refused: their next\n" +
			"change would bring them back. Killed anywhere, the same command goes on.\n" +
			"Exit code 0: nothing is left, or nothing was there; 1: something is; 2: it could not be done.",
		Example: "  tiendi forget --user 5b1f0c2e-6a0c-4f6e-9d53-2f6f0c9f8a11 --dry-run\n" +
			"  tiendi forget --user 5b1f0c2e-6a0c-4f6e-9d53-2f6f0c9f8a11 --email ana@example.com --output json > proof.json\n" +
			"  tiendi forget --users-file requests.txt\n" +
			"  tiendi forget --pending",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runForget(cmd.Context(), app, o) },
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&o.users, "user", nil, "id of a user; may be given several times")
	flags.StringVar(&o.usersFile, "users-file", "", "file of ids, one a line; lines that begin with # are left out")
	flags.StringSliceVar(&o.emails, "email", nil, "e-mail address to look for everywhere, also where the id is not; several times")
	flags.BoolVar(&o.pending, "pending", false, "go on with all requests that are open")
	flags.BoolVar(&o.dryRun, "dry-run", false, "say what would be rewritten, and change nothing")
	flags.BoolVar(&o.ourselves, "despite-source", false, "go on although the shop's own database has them")
	flags.DurationVar(&o.wait, "wait", 10*time.Minute, "how long to wait until the warehouse has deleted the files from before")
	flags.StringVarP(&o.output, "output", "o", "table", "plan or proof as table, json, csv or markdown")
	return cmd
}

// maxForgotten bounds the users of a command: each has sessions, which are looked for.
const maxForgotten = 10_000

func (o *forgetOptions) check() error {
	if err := o.readUsers(); err != nil {
		return err
	}
	switch {
	case len(o.users) == 0 && !o.pending:
		return errors.New("nobody to forget: give --user ID, --users-file FILE or --pending")
	case len(o.users) > maxForgotten:
		return fmt.Errorf("%d users are too many at once: give at most %d", len(o.users), maxForgotten)
	case o.wait < 0:
		return fmt.Errorf("--wait %s: give 0 or more", o.wait)
	}
	for i, user := range o.users {
		id, err := uuid.Parse(user)
		if err != nil || len(user) != len(id.String()) || id == uuid.Nil {
			return fmt.Errorf("%.60q is no id of a user: want a UUID such as 5b1f0c2e-6a0c-4f6e-9d53-2f6f0c9f8a11", user)
		}
		o.users[i] = id.String()
	}
	slices.Sort(o.users)
	o.users = slices.Compact(o.users)
	for _, email := range o.emails {
		if at := strings.IndexByte(email, '@'); at < 1 || len(email) < 6 || len(email) > 254 || strings.ContainsAny(email, " \t\n") {
			return fmt.Errorf("--email %.60q is no e-mail address", email)
		}
	}
	return console.CheckFormat(o.output)
}

// readUsers adds those of the file.
func (o *forgetOptions) readUsers() error {
	if o.usersFile == "" {
		return nil
	}
	f, err := os.Open(o.usersFile)
	if err != nil {
		return fmt.Errorf("--users-file: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	lines := bufio.NewScanner(f)
	for lines.Scan() && len(o.users) <= maxForgotten {
		if line := strings.TrimSpace(lines.Text()); line != "" && line[0] != '#' {
			o.users = append(o.users, line)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("--users-file %s: %w", o.usersFile, err)
	}
	return nil
}

func runForget(ctx context.Context, app *App, o *forgetOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	s, err := app.openConnected(ctx, compile.Flags{Which: "run"})
	if err != nil {
		return err
	}
	defer s.close()
	options, closing, err := s.forgetOptions(ctx, o)
	defer closing()
	if err != nil {
		return err
	}
	progress := app.Console.Start("Looking for them")
	defer progress.Stop()
	options.Tell = func(text string) { progress.Update("%s", strings.ToUpper(text[:1])+text[1:]) }
	proof, err := forget.Run(ctx, options)
	progress.Stop()
	if errors.Is(err, forget.ErrInSource) {
		return &failedError{err: err}
	}
	if err != nil {
		return fmt.Errorf("%w\n  what is done stays done: run the same command again", err)
	}
	return app.writeProof(o.output, proof)
}

package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/serve/auth"
	"github.com/tiendi/tiendi/internal/spelling"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

const (
	defaultAudience = "tiendi"
	// localIssuer is of the tokens that a laptop makes for itself.
	localIssuer = "tiendi"
)

type tokenCommand struct {
	stores, scopes []string
	origins        []string
	subject        string
	valid          time.Duration
	embed          embedFlags
}

func newTokenCommand(app *App) *cobra.Command {
	o := &tokenCommand{}
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make a token for trying the API",
		Long: "Prints a token that `tiendi serve` of the same target believes: for the whole platform, or\n" +
			"for some stores, as a vendor's. Where the issuer signs with keys of its own, only it can.\n\n" +
			"With --embed it prints a link to one chart, for a frame in the pages that --frame names.",
		Example: "  tiendi token                                                    # an administrator's, for an hour\n" +
			"  tiendi token --stores 5f0c3a52-7d0e-4c3e-9d53-3f2b1a0c9de1      # a vendor's\n" +
			"  tiendi token --scopes recommendations,platform --valid 8760h --origin https://shop.example    # for its pages\n" +
			"  tiendi token --embed gmv --group-by metric_time__day --frame https://shop.example --valid 24h\n" +
			"  curl -H \"Authorization: Bearer $(tiendi token)\" 127.0.0.1:8090/v1/metrics",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runToken(cmd.Context(), app, o, cmd.Flags()) },
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.stores, "stores", nil, "ids of the stores whose rows it shows (default: the whole platform)")
	f.StringSliceVar(&o.scopes, "scopes", nil, "what it may do (default: all, but for platform where stores are given)")
	f.StringSliceVar(&o.origins, "origin", nil, "origin of a page that it may be used in, https://shop.example (default: it is not bound)")
	f.StringVar(&o.subject, "subject", "tiendi-token", "whose it is, for the audit log")
	f.DurationVar(&o.valid, "valid", time.Hour, "for how long")
	o.embed.register(f)
	return cmd
}

func runToken(ctx context.Context, app *App, o *tokenCommand, flags *pflag.FlagSet) error {
	s, err := app.begin(compile.Flags{Which: "token"})
	if err != nil {
		return err
	}
	options, err := app.tokenOptions(s.settings.Serve, defaultServeListen)
	if err != nil {
		return err
	}
	if options.KeySet != "" {
		return fmt.Errorf("the tokens of target %s are signed by keys of %s: ask it for one", s.settings.Target, options.Issuer)
	}
	p, err := o.principal(app.Now())
	if err != nil {
		return err
	}
	embedded, err := o.embed.asked(flags)
	if embedded && err == nil {
		if p, err = o.embed.principal(o, p); err == nil {
			err = o.embed.check(ctx, s)
		}
	}
	if err != nil {
		return err
	}
	token, err := auth.Sign(options, p, app.Now())
	if err != nil {
		return fmt.Errorf("%w\n  see serve in profiles.yaml, and docs/api.md", err)
	}
	if embedded {
		if token, err = o.embed.link(token); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(app.Console.Out, token)
	return err
}

// principal is whom the token is to be of.
func (o *tokenCommand) principal(now time.Time) (auth.Principal, error) {
	p := auth.Principal{Subject: o.subject, Expires: now.Add(o.valid), Origins: o.origins}
	if o.valid <= 0 || o.subject == "" {
		return p, errors.New("--valid must be a time such as 30m, and --subject not empty")
	}
	for _, text := range o.stores {
		id, err := event.ParseID([]byte(text))
		if err != nil {
			return p, fmt.Errorf("--stores: %w", err)
		}
		p.Stores = append(p.Stores, id)
	}
	var known []string
	for _, scope := range auth.Scopes {
		known = append(known, string(scope))
		if len(o.scopes) == 0 && (scope != auth.Platform || len(p.Stores) == 0) {
			p.Scopes = append(p.Scopes, scope)
		}
	}
	for _, text := range o.scopes {
		if !slices.Contains(known, text) {
			return p, fmt.Errorf("--scopes: there is no %s; %s", text, cmp.Or(spelling.Suggest(text, known), strings.Join(known, ", ")))
		}
		p.Scopes = append(p.Scopes, auth.Scope(text))
	}
	return p, nil
}

// tokenOptions say whose tokens the target's API believes. Where nothing is said, and for
// this machine alone, it is those that this project makes for itself.
func (a *App) tokenOptions(s profile.Serve, listen string) (auth.Options, error) {
	o := auth.Options{
		Issuer: s.Issuer, Audience: cmp.Or(s.Audience, defaultAudience), Secret: []byte(s.Secret.Reveal()), KeySet: s.KeySet,
		Clock: a.Now, Log: a.Log,
	}
	if len(o.Secret) > 0 || o.KeySet != "" {
		return o, nil
	}
	if !loopback(listen) {
		return o, fmt.Errorf("nobody's tokens would be believed on %s\n  give serve.issuer, and serve.secret or serve.key_set, in profiles.yaml, or listen on 127.0.0.1", listen)
	}
	o.Issuer = cmp.Or(o.Issuer, localIssuer)
	var err error
	o.Secret, err = a.localSecret()
	return o, err
}

// localSecret is the one of this project's state folder, made when it is first needed.
func (a *App) localSecret() ([]byte, error) {
	state, err := a.stateDir()
	if err != nil {
		return nil, err
	}
	name := filepath.Join(state, "token.secret")
	for {
		secret, err := os.ReadFile(name)
		if err == nil || !errors.Is(err, os.ErrNotExist) {
			return secret, err
		}
		if err := makeSecret(name); err != nil && !errors.Is(err, os.ErrExist) {
			return nil, fmt.Errorf("make the secret of tokens: %w", err)
		}
	}
}

// makeSecret writes one whole, or not at all: link refuses where another process was first.
func makeSecret(name string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // it never fails
	f, err := os.CreateTemp(filepath.Dir(name), ".secret-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString(hex.EncodeToString(secret))
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), name)
}

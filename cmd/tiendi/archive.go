package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/blob"
	"github.com/tiendi/tiendi/internal/blob/azure"
	"github.com/tiendi/tiendi/internal/blob/folder"
	"github.com/tiendi/tiendi/internal/blob/s3"
	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/spelling"
)

// newArchiveCommand makes `tiendi archive`: what tiendi stream has kept.
func newArchiveCommand(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "archive",
		Short: "Look at what tiendi stream has kept as it came: ls, verify, cat",
		Long: "Where the target has an archive, tiendi stream keeps all events, rejected events and\n" +
			"database changes there, as they came, by the hour in which they did.",
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newArchiveLs(app), newArchiveVerify(app), newArchiveCat(app))
	return cmd
}

// archiveOptions choose among the files.
type archiveOptions struct {
	topics   []string
	from, to string
}

func (o *archiveOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringSliceVar(&o.topics, "topic", nil, "only these: raw, cdc, rejected (default: all)")
	flags.StringVar(&o.from, "from", "", "only what came from then on, by the hour: 2026-11-20, 2026-11-20T10:00:00Z or 24h ago")
	flags.StringVar(&o.to, "to", "", "only what came before, by the hour")
}

// archiveChoice is what the options mean.
type archiveChoice struct {
	archive  *archive.Archive
	topics   []string
	from, to time.Time
}

func (a *App) archiveOf(o *archiveOptions) (c archiveChoice, err error) {
	if c.topics, err = archiveTopics(o.topics); err != nil {
		return c, err
	}
	if c.from, err = archiveHour("--from", o.from, a.Now()); err != nil {
		return c, err
	}
	if c.to, err = archiveHour("--to", o.to, a.Now()); err != nil {
		return c, err
	}
	if !c.to.IsZero() && !c.from.Before(c.to) {
		return c, fmt.Errorf("--from %s is not before --to %s: both are whole hours of UTC, and --to is not included", o.from, o.to)
	}
	dir, err := a.projectDir()
	if err != nil {
		return c, err
	}
	name, err := projectProfile(dir)
	if err != nil {
		return c, err
	}
	settings, err := a.settings(name)
	if err != nil {
		return c, err
	}
	c.archive, err = openArchive(settings.Archive)
	return c, err
}

// archiveTopics takes topics by their last word.
func archiveTopics(words []string) (topics []string, err error) {
	var known []string
	for _, topic := range archive.Topics() {
		word := strings.TrimPrefix(topic, "analytics.")
		known = append(known, word)
		if len(words) == 0 || slices.Contains(words, word) || slices.Contains(words, topic) {
			topics = append(topics, topic)
		}
	}
	for _, word := range words {
		if !slices.Contains(known, strings.TrimPrefix(word, "analytics.")) {
			return nil, fmt.Errorf("--topic %q: there is no such topic\n  %s", word, spelling.Suggest(word, known))
		}
	}
	return topics, nil
}

// archiveHour reads a time and gives the hour that it is in.
func archiveHour(flag, text string, now time.Time) (time.Time, error) {
	at, err := parseSince(text, now)
	if err != nil {
		return at, fmt.Errorf("%s %q is no time\n  write 2026-11-20, 2026-11-20T10:00:00Z or, for so long ago, 24h", flag, text)
	}
	if at.IsZero() {
		return at, nil
	}
	return at.UTC().Truncate(time.Hour), nil
}

var errNoArchive = errors.New("the target has no archive\n  set archive.url in profiles.yaml (see docs/archive.md), or TIENDI_ARCHIVE_URL=file:///folder to try it")

// openArchive opens the target's. It connects to nothing yet.
func openArchive(s profile.Archive) (*archive.Archive, error) {
	var bucket blob.Bucket
	var err error
	switch s.Type {
	case profile.FolderArchive:
		bucket = folder.New(s.Folder)
	case profile.AzureArchive:
		bucket, err = azure.New(azure.Config{Account: s.Account, Container: s.Bucket, Endpoint: s.Endpoint, Key: s.Key.Reveal()})
	case profile.S3Archive:
		bucket = s3.New(s3.Config{
			Bucket: s.Bucket, Region: s.Region, Endpoint: s.Endpoint,
			KeyID: s.KeyID, Key: s.Key.Reveal(), SessionToken: s.SessionToken.Reveal(),
		})
	default:
		return nil, errNoArchive
	}
	return archive.New(bucket, s.Prefix, time.Duration(s.RetentionDays)*24*time.Hour), err
}

// each hands out the files of a choice, with what they say of themselves.
func (c archiveChoice) each(ctx context.Context, do func(archive.Held) error) error {
	for _, topic := range c.topics {
		for f, err := range c.archive.List(ctx, topic, c.from, c.to) {
			if err != nil {
				return err
			}
			m, err := c.archive.Manifest(ctx, f)
			if err != nil {
				return archiveError(err)
			}
			if err := do(archive.Held{File: f, Manifest: m}); err != nil {
				return err
			}
		}
	}
	return nil
}

// archiveError says that the archive is not what was written: the command ran, and what
// it found is wrong.
func archiveError(err error) error {
	if errors.Is(err, archive.ErrDamaged) || errors.Is(err, archive.ErrIncomplete) {
		return &failedError{err: fmt.Errorf("%w\n  see all that is wrong by: tiendi archive verify", err)}
	}
	return err
}

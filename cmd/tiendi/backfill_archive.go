package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/operate/backfill"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// archiveOfTarget is --from-archive without a folder.
const archiveOfTarget = "profile"

// wireArchive says where raw events come from, and how they get into the table; and so
// for database changes, where raw tables that take them are selected.
func (s *session) wireArchive(ctx context.Context, from string, b *backfill.Options, selected []*project.Node) error {
	if err := s.archived(from, b, selected); err != nil {
		return fmt.Errorf("--from-archive: %w", err)
	}
	options, err := s.loadOptions(ctx, &loadOptions{table: "events", reload: true})
	if err != nil {
		return err
	}
	options.Progress = func(load.Progress) {}
	b.Loader = &eventLoader{app: s.app, options: options}
	return nil
}

func (s *session) archived(from string, b *backfill.Options, selected []*project.Node) error {
	if from == archiveOfTarget {
		a, err := openArchive(s.settings.Archive)
		if errors.Is(err, errNoArchive) {
			err = fmt.Errorf("%w; or give a folder that holds files of events, --from-archive=FOLDER", err)
		}
		if err != nil {
			return err
		}
		b.Archive, b.ArchiveName = &targetArchive{Archive: a, all: b.Range}, s.settings.Archive.URL+"/"+s.settings.Archive.Prefix
		s.wireChanges(b, a, selected)
		return nil
	}
	folder, err := openFolderArchive(from)
	if err != nil {
		return err
	}
	b.Archive, b.ArchiveName = folder, folder.dir
	return nil
}

// targetArchive is what tiendi stream has kept. What its files hold is asked once for
// the whole range, since that looks at all of them, however many the days are.
type targetArchive struct {
	*archive.Archive
	all   backfill.Range
	files []archive.Held
	asked bool
}

// Events implements backfill.Archive. Each file is checked before a line of it is used.
func (a *targetArchive) Events(ctx context.Context, from, to time.Time, each func(line []byte) error) error {
	if !a.asked {
		files, err := a.Holding(ctx, record.TopicRaw, a.all.From, a.all.To)
		if err != nil {
			return archiveError(err)
		}
		a.files, a.asked = files, true
	}
	for _, f := range a.files {
		if !f.Manifest.Overlaps(from, to) {
			continue
		}
		if _, err := a.Read(ctx, f.File, each); err != nil {
			return archiveError(err)
		}
	}
	return nil
}

package profile

import (
	"fmt"
	"strings"
	"testing"
)

func TestArchive(t *testing.T) {
	for _, c := range []struct {
		url, more string // more: NAME=value,…
		want      string
		problem   string
	}{
		{url: "file:///var/lib/archive/", want: "file /var/lib/archive"},
		{url: "azblob://events?account=shop", more: "TIENDI_ARCHIVE_KEY=secret,TIENDI_ARCHIVE_PREFIX=a/b", want: "azblob events shop secret a/b"},
		{url: "azblob://events?account=shop&endpoint=http://127.0.0.1:1/shop", more: "TIENDI_ARCHIVE_KEY=secret", want: "azblob events shop http://127.0.0.1:1/shop secret"},
		{url: "s3://events?region=eu-west-1", more: "TIENDI_ARCHIVE_KEY_ID=me,TIENDI_ARCHIVE_KEY=secret", want: "s3 events eu-west-1 me secret"},
		{url: "s3://events", more: "AWS_ACCESS_KEY_ID=me,AWS_SECRET_ACCESS_KEY=secret,AWS_SESSION_TOKEN=token", want: "s3 events me secret token"},
		{url: "s3://events", more: "TIENDI_ARCHIVE_RETENTION_DAYS=0,AWS_ACCESS_KEY_ID=me,AWS_SECRET_ACCESS_KEY=secret", problem: "whole number from 1"},
		{url: "s3://events", problem: "archive.key_id and archive.key are missing"},
		{url: "azblob://events?account=shop", problem: "archive.key is missing"},
		{url: "azblob://events", problem: "add ?account=NAME"},
		{url: "azblob://events?account=shop&sig=secret", problem: "may have account and endpoint"},
		{url: "s3://me:secret@events", problem: "keys have settings of their own"},
		{url: "s3://events/folder", problem: "archive.prefix"},
		{url: "s3://UPPER_case", problem: "small letters"},
		{url: "s3://events?endpoint=minio:9000", problem: "no URL of a server"},
		{url: "file://relative/folder", problem: "must name a folder"},
		{url: "file:///", problem: "must name a folder"},
		{url: "gs://events", problem: "must be file:///FOLDER"},
		{url: "file:///a", more: "TIENDI_ARCHIVE_PREFIX=../up", problem: "must be folders"},
		{url: "file:///a", more: "TIENDI_ARCHIVE_PREFIX=/up", problem: "must be folders"},
	} {
		env := map[string]string{"TIENDI_ARCHIVE_URL": c.url}
		for pair := range strings.SplitSeq(c.more, ",") {
			name, value, _ := strings.Cut(pair, "=")
			env[name] = value
		}
		s, err := Load(Options{ProjectDir: t.TempDir(), LookupEnv: func(name string) (string, bool) {
			value, ok := env[name]
			return value, ok
		}})
		a := s.Archive
		got := strings.Join(strings.Fields(fmt.Sprint(a.Type, " ", a.Folder, " ", a.Bucket, " ", a.Account, " ", a.Region, " ", a.Endpoint, " ",
			a.KeyID, " ", a.Key.Reveal(), " ", a.SessionToken.Reveal(), " ", a.Prefix)), " ")
		switch {
		case c.problem == "" && (err != nil || got != c.want):
			t.Errorf("%s %s: got %q, want %q, %v", c.url, c.more, got, c.want, err)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem) || strings.Contains(err.Error(), "secret")):
			t.Errorf("%s %s: got %v, want %q", c.url, c.more, err, c.problem)
		}
	}
}

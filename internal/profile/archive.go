package profile

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// The kinds of archives.
const (
	FolderArchive = "file"
	AzureArchive  = "azblob"
	S3Archive     = "s3"
)

// Archive says where what came in is kept, as it came. Without a URL it is not.
type Archive struct {
	Type     string // FolderArchive, AzureArchive or S3Archive; "" for no archive
	URL      string
	Folder   string // absolute
	Bucket   string // of S3, or Azure's container
	Account  string // Azure's
	Region   string // S3's, "" for the standard one
	Endpoint string // URL of the server, "" for the provider's own

	Prefix        string // of the names of objects
	RetentionDays int    // 0 for good
	KeyID         string // S3's
	Key           Secret // S3's secret key, or Azure's account key or shared access signature
	SessionToken  Secret // of S3's temporary keys; from the environment
}

// archive takes the URL: file:///folder, azblob://container?account=…, s3://bucket.
func (v value) archive(to *Archive) error {
	var text string
	if err := v.text(&text); err != nil || text == "" {
		return err
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Fragment != "" {
		return errArchiveURL // it may hold a secret, so it is not repeated
	}
	a := Archive{Type: u.Scheme, URL: text, Prefix: to.Prefix, RetentionDays: to.RetentionDays, KeyID: to.KeyID, Key: to.Key}
	switch u.Scheme {
	case FolderArchive:
		if u.Host != "" || u.RawQuery != "" || !filepath.IsAbs(filepath.FromSlash(u.Path)) || u.Path == "/" {
			return errors.New("must name a folder, as file:///var/lib/tiendi/archive")
		}
		a.Folder = filepath.Clean(filepath.FromSlash(u.Path))
	case AzureArchive, S3Archive:
		err = a.bucket(u)
	default:
		return errArchiveURL
	}
	if err == nil {
		*to = a
	}
	return err
}

var errArchiveURL = errors.New("must be file:///FOLDER, azblob://CONTAINER?account=NAME or s3://BUCKET?region=NAME; keys have settings of their own")

// Names of buckets, containers, accounts and regions; an endpoint's is checked apart.
var bucketName = lazyregexp.New(`^[a-z0-9][a-z0-9.-]{1,62}$`)

func (a *Archive) bucket(u *url.URL) error {
	a.Bucket = u.Host
	known := map[string][]string{AzureArchive: {"account", "endpoint"}, S3Archive: {"region", "endpoint"}}[u.Scheme]
	for name, values := range u.Query() {
		if !slices.Contains(known, name) || len(values) != 1 {
			return fmt.Errorf("has %q in its query, which may have %s, each once", name, strings.Join(known, " and "))
		}
	}
	a.Account, a.Region, a.Endpoint = u.Query().Get("account"), u.Query().Get("region"), u.Query().Get("endpoint")
	for name, text := range map[string]string{"bucket": a.Bucket, "account": a.Account, "region": a.Region} {
		if (text != "" || name == "bucket") && !bucketName().MatchString(text) {
			return fmt.Errorf("has the %s %q: use 2 to 63 small letters, digits, dots and hyphens", name, text)
		}
	}
	if u.Path != "" && u.Path != "/" {
		return fmt.Errorf("has the path %s: write it as archive.prefix", u.Path)
	}
	if a.Type == AzureArchive && a.Account == "" {
		return errors.New("does not say whose container it is: add ?account=NAME")
	}
	return checkEndpoint(a.Endpoint)
}

func checkEndpoint(text string) error {
	if text == "" {
		return nil
	}
	e, err := url.Parse(text)
	if err != nil || e.Scheme != "http" && e.Scheme != "https" || e.Host == "" || e.User != nil || e.RawQuery != "" {
		return errors.New("has an endpoint that is no URL of a server, as https://minio.example.com:9000")
	}
	return nil
}

var archivePrefix = lazyregexp.New(`^[A-Za-z0-9_=-][A-Za-z0-9._=-]*(/[A-Za-z0-9_=-][A-Za-z0-9._=-]*)*/?$`)

// prefix takes the folders that objects are in.
func (v value) prefix(to *string) error {
	var text string
	if err := v.text(&text); err != nil {
		return err
	}
	if text != "" && (len(text) > 200 || !archivePrefix().MatchString(text)) {
		return errors.New("must be folders, as shop/prod: letters, digits and - . _ =")
	}
	*to = text
	return nil
}

// settleArchive takes S3's keys from the variables that all its tools know, where the
// profile has none.
func (r *reader) settleArchive(s *Settings) {
	a := &s.Archive
	if r.given["archive.key"] && r.given["archive.key_file"] {
		r.wrong(s, "archive.key and archive.key_file are both given: keep one")
	}
	if a.Type == S3Archive && a.KeyID == "" && a.Key == "" {
		a.KeyID, _ = r.env("AWS_ACCESS_KEY_ID")
		key, _ := r.env("AWS_SECRET_ACCESS_KEY")
		token, _ := r.env("AWS_SESSION_TOKEN")
		a.Key, a.SessionToken = Secret(key), Secret(token)
	}
	switch {
	case a.Type == S3Archive && (a.KeyID == "" || a.Key == ""):
		r.wrong(s, "archive.key_id and archive.key are missing: S3's access key, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")
	case a.Type == AzureArchive && a.Key == "":
		r.wrong(s, "archive.key is missing: the storage account's key, or a shared access signature of the container")
	}
}

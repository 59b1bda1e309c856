// Package s3 keeps objects in a bucket of Amazon's S3 or of a server that speaks its
// protocol.
package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/tiendi/tiendi/internal/blob"
)

// Config says which bucket, and who asks.
type Config struct {
	Bucket string
	Region string // "" is us-east-1
	// Endpoint is a server's URL, "" for Amazon's. A server gets the bucket's name in
	// the path, Amazon in the host's name.
	Endpoint     string
	KeyID, Key   string
	SessionToken string // of temporary keys, "" for none
}

// Bucket is a bucket, which must be there.
type Bucket struct {
	client *client.Client
	bucket string
	where  string
}

var _ blob.Bucket = (*Bucket)(nil)

// New makes a bucket. It connects to nothing yet.
func New(c Config) *Bucket {
	options := client.Options{
		Region: c.Region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: c.KeyID, SecretAccessKey: c.Key, SessionToken: c.SessionToken}, nil
		}),
		// Checksums that the protocol does not ask for are not known to every server.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
	}
	if c.Region == "" {
		options.Region = "us-east-1"
	}
	where := "s3://" + c.Bucket
	if c.Endpoint != "" {
		options.BaseEndpoint, options.UsePathStyle = aws.String(c.Endpoint), true
		where += " at " + c.Endpoint
	}
	return &Bucket{client: client.New(options), bucket: c.Bucket, where: where}
}

// err names the object, and what to do where that is known.
func (b *Bucket) err(did, name string, err error) error {
	if err == nil {
		return nil
	}
	where := fmt.Sprintf("%s %s in %s", did, name, b.where)
	code := ""
	if answer, ok := errors.AsType[smithy.APIError](err); ok {
		code = answer.ErrorCode()
	}
	switch code {
	case "NoSuchKey":
		return fmt.Errorf("%s: %w", where, blob.ErrMissing)
	case "NoSuchBucket":
		return fmt.Errorf("%s: there is no such bucket: make it, or mend archive.url", where)
	case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch":
		return fmt.Errorf("%s: the keys may not do that (%s): mend archive.key_id and archive.key", where, code)
	}
	if sent, ok := errors.AsType[*url.Error](err); ok {
		err = sent.Err // around it is much that says nothing
	}
	return fmt.Errorf("%s: %w", where, err)
}

// Put implements blob.Bucket: one request writes one object, at once.
func (b *Bucket) Put(ctx context.Context, name string, body []byte) error {
	if err := blob.CheckName(name); err != nil {
		return err
	}
	_, err := b.client.PutObject(ctx, &client.PutObjectInput{Bucket: &b.bucket, Key: &name, Body: bytes.NewReader(body)})
	return b.err("write", name, err)
}

// Open implements blob.Bucket.
func (b *Bucket) Open(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	if err := blob.CheckName(name); err != nil {
		return nil, err
	}
	part := fmt.Sprintf("bytes=%d-", offset)
	if length >= 0 {
		part += fmt.Sprint(offset + max(length, 1) - 1)
	}
	r, err := b.client.GetObject(ctx, &client.GetObjectInput{Bucket: &b.bucket, Key: &name, Range: &part})
	if answer, ok := errors.AsType[smithy.APIError](err); ok && answer.ErrorCode() == "InvalidRange" {
		return http.NoBody, nil // there is nothing from there on
	}
	if err != nil {
		return nil, b.err("read", name, err)
	}
	if length < 0 {
		return r.Body, nil
	}
	return limited{io.LimitReader(r.Body, length), r.Body}, nil
}

type limited struct {
	io.Reader
	io.Closer
}

// List implements blob.Bucket.
func (b *Bucket) List(ctx context.Context, prefix string) iter.Seq2[blob.Object, error] {
	return func(yield func(blob.Object, error) bool) {
		for pages := client.NewListObjectsV2Paginator(b.client, &client.ListObjectsV2Input{Bucket: &b.bucket, Prefix: &prefix}); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(blob.Object{}, b.err("list", prefix, err))
				return
			}
			if !each(page.Contents, yield) {
				return
			}
		}
	}
}

func each(page []types.Object, yield func(blob.Object, error) bool) bool {
	for _, one := range page {
		name := aws.ToString(one.Key)
		if strings.HasSuffix(name, "/") || blob.CheckName(name) != nil {
			continue // a folder, or nothing of ours
		}
		if !yield(blob.Object{Name: name, Size: aws.ToInt64(one.Size)}, nil) {
			return false
		}
	}
	return true
}

// Delete implements blob.Bucket.
func (b *Bucket) Delete(ctx context.Context, name string) error {
	if err := blob.CheckName(name); err != nil {
		return err
	}
	_, err := b.client.DeleteObject(ctx, &client.DeleteObjectInput{Bucket: &b.bucket, Key: &name})
	if err = b.err("delete", name, err); errors.Is(err, blob.ErrMissing) {
		return nil
	}
	return err
}

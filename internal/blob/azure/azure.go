// Package azure keeps objects in a container of Azure Blob Storage.
//
// Releases of the client from 1.7 on link Apache Arrow for a listing that is not used
// here: twice the program's growth, and a millisecond of its start.
package azure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"
	azblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/bloberror"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"github.com/tiendi/tiendi/internal/blob"
)

// Config says which container, and who asks.
type Config struct {
	Account   string // the storage account
	Container string
	// Endpoint is the account's URL; "" for that of Azure's public cloud.
	Endpoint string
	// Key is the account's key or, where it has a signature in it (sig=…), a shared
	// access signature of the container.
	Key string
}

// Bucket is a container, which must be there.
type Bucket struct {
	container *container.Client
	where     string
}

var _ blob.Bucket = (*Bucket)(nil)

// New makes a bucket. It connects to nothing yet.
func New(c Config) (*Bucket, error) {
	endpoint := strings.TrimRight(c.Endpoint, "/")
	if endpoint == "" {
		endpoint = "https://" + c.Account + ".blob.core.windows.net"
	}
	where := endpoint + "/" + c.Container
	client, err := c.client(where)
	if err != nil {
		return nil, fmt.Errorf("container %s: %w", where, err)
	}
	return &Bucket{container: client, where: where}, nil
}

func (c Config) client(address string) (*container.Client, error) {
	options := &container.ClientOptions{}
	options.Retry = policy.RetryOptions{MaxRetries: 2, RetryDelay: 250 * time.Millisecond} // who has time tries again
	if strings.Contains(c.Key, "sig=") {
		return container.NewClientWithNoCredential(address+"?"+strings.TrimPrefix(c.Key, "?"), options)
	}
	key, err := container.NewSharedKeyCredential(c.Account, c.Key)
	if err != nil {
		return nil, errors.New("the key is neither an account's key nor a shared access signature")
	}
	return container.NewClientWithSharedKeyCredential(address, key, options)
}

// err names the object, and what to do where that is known. The client's own errors
// are pages long.
func (b *Bucket) err(did, name string, err error) error {
	where := fmt.Sprintf("%s %s in Azure container %s", did, name, b.where)
	switch {
	case err == nil:
		return nil
	case bloberror.HasCode(err, bloberror.BlobNotFound):
		return fmt.Errorf("%s: %w", where, blob.ErrMissing)
	case bloberror.HasCode(err, bloberror.ContainerNotFound):
		return fmt.Errorf("%s: there is no such container: make it, or mend archive.url", where)
	case bloberror.HasCode(err, bloberror.AuthenticationFailed, bloberror.AuthorizationFailure, bloberror.AuthorizationPermissionMismatch):
		return fmt.Errorf("%s: the key may not do that: mend archive.key", where)
	}
	if answer, ok := errors.AsType[*azcore.ResponseError](err); ok {
		return fmt.Errorf("%s: the store answers %d, %s", where, answer.StatusCode, answer.ErrorCode)
	}
	if sent, ok := errors.AsType[*url.Error](err); ok {
		err = sent.Err // the URL has the signature in it
	}
	return fmt.Errorf("%s: %w", where, err)
}

// Put implements blob.Bucket: one request writes one object, at once.
func (b *Bucket) Put(ctx context.Context, name string, body []byte) error {
	if err := blob.CheckName(name); err != nil {
		return err
	}
	_, err := b.container.NewBlockBlobClient(name).Upload(ctx, streaming.NopCloser(bytes.NewReader(body)), nil)
	return b.err("write", name, err)
}

// Open implements blob.Bucket.
func (b *Bucket) Open(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	if err := blob.CheckName(name); err != nil {
		return nil, err
	}
	part := azblob.HTTPRange{Offset: offset, Count: max(length, 0)} // 0 is all
	if length == 0 {
		part.Count = 1
	}
	one := b.container.NewBlobClient(name)
	r, err := one.DownloadStream(ctx, &azblob.DownloadStreamOptions{Range: part})
	if bloberror.HasCode(err, bloberror.InvalidRange) { // there is nothing from there on
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	if err != nil {
		return nil, b.err("read", name, err)
	}
	body := r.NewRetryReader(ctx, nil)
	if length < 0 {
		return body, nil
	}
	return limited{io.LimitReader(body, length), body}, nil
}

type limited struct {
	io.Reader
	io.Closer
}

// List implements blob.Bucket.
func (b *Bucket) List(ctx context.Context, prefix string) iter.Seq2[blob.Object, error] {
	return func(yield func(blob.Object, error) bool) {
		for pages := b.container.NewListBlobsFlatPager(&container.ListBlobsFlatOptions{Prefix: &prefix}); pages.More(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(blob.Object{}, b.err("list", prefix, err))
				return
			}
			for _, item := range page.Segment.BlobItems {
				if blob.CheckName(*item.Name) == nil && !yield(blob.Object{Name: *item.Name, Size: *item.Properties.ContentLength}, nil) {
					return
				}
			}
		}
	}
}

// Delete implements blob.Bucket.
func (b *Bucket) Delete(ctx context.Context, name string) error {
	if err := blob.CheckName(name); err != nil {
		return err
	}
	_, err := b.container.NewBlobClient(name).Delete(ctx, nil)
	if err = b.err("delete", name, err); errors.Is(err, blob.ErrMissing) {
		return nil
	}
	return err
}

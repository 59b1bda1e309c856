package blobtest

import (
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/sas"
	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/tiendi/tiendi/internal/blob/azure"
	"github.com/tiendi/tiendi/internal/blob/s3"
)

// The account that Azurite documents, and that it has built in, with its key.
const (
	azuriteAccount = "devstoreaccount1"
	AzuriteKey     = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)

// Azurite starts Microsoft's own emulator of Azure Blob Storage, with an empty
// container.
func Azurite(t testing.TB) azure.Config {
	t.Helper()
	program := store(t, azuriteRelease, "node_modules/azurite/dist/src/blob/main.js")
	host, port := freeAddress(t)
	start(t, net.JoinHostPort(host, port), exec.Command("node", program, "--blobHost", host, "--blobPort", port,
		"--location", folder(t), "--silent", "--disableTelemetry", "--skipApiVersionCheck"))
	c := azure.Config{
		Account: azuriteAccount, Key: AzuriteKey, Container: "archive",
		Endpoint: "http://" + net.JoinHostPort(host, port) + "/" + azuriteAccount,
	}
	if _, err := containerOf(t, c).Create(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return c
}

func containerOf(t testing.TB, c azure.Config) *container.Client {
	t.Helper()
	key, err := container.NewSharedKeyCredential(c.Account, c.Key)
	if err != nil {
		t.Fatal(err)
	}
	client, err := container.NewClientWithSharedKeyCredential(c.Endpoint+"/"+c.Container, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Signature is a shared access signature of a container, with the rights that the
// archive needs.
func Signature(t testing.TB, c azure.Config) string {
	t.Helper()
	rights := sas.ContainerPermissions{Read: true, Create: true, Write: true, Delete: true, List: true}
	signed, err := containerOf(t, c).GetSASURL(rights, time.Now().Add(time.Hour), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, signature, _ := strings.Cut(signed, "?")
	return signature
}

// VersityGW starts a server that speaks S3 over a folder, with an empty bucket.
func VersityGW(t testing.TB) s3.Config {
	t.Helper()
	program := store(t, versityGWRelease, "versitygw")
	host, port := freeAddress(t)
	c := s3.Config{Bucket: "archive", KeyID: "test-key", Key: "test-secret", Endpoint: "http://" + net.JoinHostPort(host, port)}
	cmd := exec.Command(program, "--port", net.JoinHostPort(host, port), "--quiet", "posix", "--sidecar", folder(t), folder(t))
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+c.KeyID, "ROOT_SECRET_KEY="+c.Key)
	start(t, net.JoinHostPort(host, port), cmd)
	maker := client.New(client.Options{
		Region: "us-east-1", BaseEndpoint: &c.Endpoint, UsePathStyle: true,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: c.KeyID, SecretAccessKey: c.Key}, nil
		}),
	})
	if _, err := maker.CreateBucket(t.Context(), &client.CreateBucketInput{Bucket: &c.Bucket}); err != nil {
		t.Fatal(err)
	}
	return c
}

// folder is removed when the server has ended, which t.TempDir's might not.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

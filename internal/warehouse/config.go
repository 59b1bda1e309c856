package warehouse

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"os"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

const (
	defaultMaxOpenConns = 16
	dialTimeout         = 10 * time.Second

	// The driver arms its read deadline once for a whole query, so any finite
	// everyday value would cut long statements. Contexts bound queries here, TCP
	// keep-alive finds dead peers, and this only has to be later than both.
	readTimeout = 30 * 24 * time.Hour

	// The driver waits for a free connection no longer than the dial timeout.
	// Client queues on its own, and the driver gets a few more connections than
	// are handed out since it takes one back shortly after the rows are closed.
	spareConns = 4
)

// Config says where a ClickHouse server is and how to speak to it.
type Config struct {
	// Addrs lists host:port of the native protocol; the first that answers is used.
	Addrs []string
	// HTTPAddr is host:port of the HTTP protocol, "" when unknown. Only
	// InsertStream needs it. The embedded engine always has one.
	HTTPAddr string

	Database string
	User     string
	Password string

	// Secure turns TLS on. CAFile names a PEM file of trusted roots, "" for the
	// system's; SkipVerify accepts any certificate.
	Secure     bool
	SkipVerify bool
	CAFile     string

	// Cluster names the cluster for ON CLUSTER statements, "" for none.
	Cluster string

	// Settings go with every query. async_insert=0 is sent unless set here.
	Settings map[string]any

	// MaxOpenConns bounds queries in flight; 0 means 16. Further ones wait.
	MaxOpenConns int

	// Local says that the server runs on this host and may read this host's
	// files through file().
	Local bool
}

func (c Config) maxOpenConns() int {
	if c.MaxOpenConns > 0 {
		return c.MaxOpenConns
	}
	return defaultMaxOpenConns
}

func (c Config) settings() map[string]any {
	s := map[string]any{"async_insert": 0}
	maps.Copy(s, c.Settings)
	return s
}

// tlsConfig is nil for plain connections.
func (c Config) tlsConfig() (*tls.Config, error) {
	if !c.Secure {
		return nil, nil
	}
	t := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: c.SkipVerify}
	if c.CAFile == "" {
		return t, nil
	}
	pem, err := os.ReadFile(c.CAFile)
	if err != nil {
		return nil, fmt.Errorf("read CA file: %w", err)
	}
	t.RootCAs = x509.NewCertPool()
	if !t.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("CA file %s holds no PEM certificate", c.CAFile)
	}
	return t, nil
}

func (c Config) driverOptions(t *tls.Config) (*clickhouse.Options, error) {
	if len(c.Addrs) == 0 {
		return nil, errors.New("no warehouse address given")
	}
	return &clickhouse.Options{
		Addr:            c.Addrs,
		Auth:            clickhouse.Auth{Database: c.Database, Username: c.User, Password: c.Password},
		TLS:             t,
		Settings:        c.settings(),
		Compression:     c.compression(),
		DialTimeout:     dialTimeout,
		ReadTimeout:     readTimeout,
		MaxOpenConns:    c.maxOpenConns() + spareConns,
		MaxIdleConns:    c.maxOpenConns(),
		ConnMaxLifetime: time.Hour,
		ClientInfo: clickhouse.ClientInfo{Products: []struct{ Name, Version string }{
			{Name: "tiendi"},
		}},
	}, nil
}

// compression costs time over loopback and saves it over a network.
func (c Config) compression() *clickhouse.Compression {
	if c.Local {
		return nil
	}
	return &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
}

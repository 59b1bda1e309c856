package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/pflag"
)

// remoteCollector is a collector that a command sends events to.
type remoteCollector struct {
	to, key string // its address and a write key, "" for none
}

func (c *remoteCollector) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&c.to, "to", "http://"+defaultListen, "address of the collector")
	flags.StringVar(&c.key, "key", "", "write key; better as TIENDI_KEY in the environment")
}

// post sends events once, a line of JSON each, and gives how many were accepted, and what
// was refused and why. again says that all of it may be sent again.
func (c *remoteCollector) post(ctx context.Context, lines [][]byte) (accepted int, refused []json.RawMessage, again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.to+"/v1/events", bytes.NewReader(bytes.Join(lines, []byte("\n"))))
	if err != nil {
		return 0, nil, false, fmt.Errorf("--to %s: %w", c.to, err)
	}
	r.Header.Set("Content-Type", "application/x-ndjson")
	if c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, true, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return 0, nil, true, err
	}
	var answer struct {
		Accepted int               `json:"accepted"`
		Rejected []json.RawMessage `json:"rejected"`
	}
	switch {
	case response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= http.StatusInternalServerError:
		return 0, nil, true, errors.New(response.Status)
	case response.StatusCode != http.StatusAccepted:
		return 0, nil, false, fmt.Errorf("the collector at %s answers %d: %s", c.to, response.StatusCode, bytes.TrimSpace(text))
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return 0, nil, false, fmt.Errorf("the answer of %s: %w", c.to, err)
	}
	return answer.Accepted, answer.Rejected, false, nil
}

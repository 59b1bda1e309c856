package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// keyOf names what these texts tell from everything else.
func keyOf(parts ...string) string {
	sum := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(sum.Sum(nil)[:20])
}

// again gives the answer of that name without making it, where the caller has it or it is
// kept.
func (s *Server) again(c *call, key, media string) (given bool, err error) {
	c.w.Header().Set("Cache-Control", "private, no-cache")
	c.w.Header().Add("Vary", "Authorization")
	if c.has(key) {
		return true, nil
	}
	body := s.kept(c.Context(), key)
	if body == nil {
		return false, nil
	}
	c.note("cached", true)
	return true, c.send(media, body)
}

// giveKept answers as before, or with what is made now.
func (s *Server) giveKept(c *call, key, media string, write func() ([]byte, error)) error {
	if given, err := s.again(c, key, media); given || err != nil {
		return err
	}
	body, err := write()
	if err != nil {
		return err
	}
	s.keep(c.Context(), key, body)
	return c.send(media, body)
}

// has names the answer, and says whether the caller has it: then that is the answer.
func (c *call) has(tag string) bool {
	c.w.Header().Set("ETag", `"`+tag+`"`)
	if !matches(c.Header.Get("If-None-Match"), tag) {
		return false
	}
	c.status = http.StatusNotModified
	c.w.WriteHeader(c.status)
	return true
}

// matches says whether one of the tags of If-None-Match is that one (RFC 9110, 13.1.2).
func matches(header, key string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); tag == `"`+key+`"` || tag == "*" {
			return true
		}
	}
	return false
}

// kept is the answer, if it is known. A store of answers that is away only costs time.
func (s *Server) kept(ctx context.Context, key string) []byte {
	if body := s.near.get(key); body != nil || s.options.Answers == nil {
		return body
	}
	body, err := s.options.Answers.Get(ctx, key)
	if err != nil {
		s.options.Log.Warn("answers are not found again: their store is away", "err", err)
		return nil
	}
	if body != nil {
		s.near.put(key, body)
	}
	return body
}

// keep remembers an answer, also for whoever asks after the one who has hung up.
func (s *Server) keep(ctx context.Context, key string, body []byte) {
	s.near.put(key, body)
	if s.options.Answers == nil {
		return
	}
	if err := s.options.Answers.Put(context.WithoutCancel(ctx), key, body); err != nil {
		s.options.Log.Warn("an answer is not kept: their store is away", "err", err)
	}
}

// send answers with a body that is whole.
func (c *call) send(media string, body []byte) error {
	c.w.Header().Set("Content-Type", media)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = c.w.Write(body) // nobody is there any more
	return nil
}

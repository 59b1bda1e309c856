package profile

import (
	"strings"
	"testing"
)

func TestServices(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "profiles.yaml", `p: {outputs: {dev: {postgres: {url: "postgres://u:{{ env_var('PW') }}@pg/shop"}, redis: {url: "rediss://r"}}}}`)
	s, err := Load(Options{ProjectDir: dir, LookupEnv: environment("PW", "s3cret", "TIENDI_REDIS_URL", "redis://other")})
	if err != nil || s.Postgres.URL.Reveal() != "postgres://u:s3cret@pg/shop" || s.Redis.URL.Reveal() != "redis://other" {
		t.Errorf("got %q, %q, %v", s.Postgres.URL.Reveal(), s.Redis.URL.Reveal(), err)
	}
	write(t, dir, "profiles.yaml", `p: {outputs: {dev: {postgres: {url: ""}, redis: }}}`)
	if s, err := Load(Options{ProjectDir: dir}); err != nil || s.Postgres.URL != "" || s.Redis.URL != "" {
		t.Errorf("without any: %+v, %v", s, err)
	}
}

func TestServiceErrors(t *testing.T) {
	for text, fails := range map[string]string{
		"postgres: {url: 'u:hunter2@h/db'}":         "profiles.yaml:1:37: postgres.url must be a URL, postgres://",
		"postgres: {url: 'mysql://u:hunter2@h/db'}": "postgres.url must be a URL, postgres://",
		"postgres: {url: 'postgres://'}":            "postgres.url must be a URL",
		"postgres: {url: [hunter2]}":                "postgres.url must be text",
		"postgres: {uri: x}":                        "postgres has an unknown key uri\n  did you mean url?",
		"redis: {url: 'hunter2@h:6379'}":            "redis.url must be a URL, redis://",
		"redis: h":                                  "redis must be a mapping of keys",
	} {
		dir := t.TempDir()
		write(t, dir, "profiles.yaml", "p: {outputs: {dev: {"+text+"}}}")
		if _, err := Load(Options{ProjectDir: dir}); err == nil || !strings.Contains(err.Error(), fails) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v", text, err)
		}
	}
	_, err := Load(Options{ProjectDir: t.TempDir(), LookupEnv: environment("TIENDI_POSTGRES_URL", "hunter2")})
	if err == nil || !strings.Contains(err.Error(), "environment variable TIENDI_POSTGRES_URL: must be a URL") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("in the environment: %v", err)
	}
}

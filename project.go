// Package tiendi holds the marketplace project that the binary ships, so that
// `tiendi init` can write it out.
package tiendi

import "embed"

// Project is the marketplace project: dbt_project.yml, models and metrics,
// and the example of a profile.
//
//go:embed dbt_project.yml profiles.example.yaml all:models all:metrics
var Project embed.FS

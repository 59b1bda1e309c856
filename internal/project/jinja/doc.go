// Package jinja renders Jinja2 templates as dbt uses them and prints byte for
// byte what Python's Jinja2 3.1 prints: a sandboxed environment with the do and
// loopcontrols extensions, dbt's snapshot, materialization, test and docs
// blocks, and dbt's return().
//
// A template is parsed once with Parse and may then be rendered by many
// goroutines at once. Names that the template does not define itself are asked
// for, one by one, from a Scope. Values are Python's: see Value.
package jinja

// Package project reads a dbt project from disk: dbt_project.yml, properties
// YAML, packages and the files they name, and gives plain values. It renders
// no Jinja of models and asks no warehouse; internal/transform/compile does.
package project

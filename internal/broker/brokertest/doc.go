// Package brokertest holds the conformance suite that every broker must pass, and
// what it takes to ill-treat one: a proxy that cuts and mutes connections, and
// processes that are killed and stopped.
package brokertest

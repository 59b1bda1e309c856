// Package local runs what a laptop needs besides tiendi itself, in one detached process
// that all commands share: the embedded engine, the embedded broker and, where the
// machine has one, a Redis.
//
// The supervisor (the hidden command Supervisor) holds a lock on the state
// folder, owns the services, and listens on a unix socket. A command that needs
// them calls Acquire, which starts the supervisor if there is none and keeps a
// connection open: that connection is the command's lease, so a command that is
// killed gives it back. With no lease, query or mutation for the idle time the
// supervisor stops everything and exits.
//
// Files never stand for a running process: the lock is the kernel's, an address
// counts only if something answers there that knows its token, and the engine
// ends with the pipe that the supervisor holds.
package local

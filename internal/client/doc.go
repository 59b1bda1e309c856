// Package client says who sends a request over HTTP, by address, and limits how much each
// may send.
package client

package main

import (
	"bytes"
	"net"
	"strings"
	"syscall"
	"testing"
)

// TestStopInSetUp tells roles to stop while they wait for a server that does not answer:
// they do, and have not failed.
func TestStopInSetUp(t *testing.T) {
	t.Parallel()
	s := emptyShop(t)
	s.run(t, "init")
	for _, role := range []struct{ args, url string }{
		{"stream", "TIENDI_POSTGRES_URL=postgres://a:b@MUTE/c"},
		{"cdc", "TIENDI_CDC_URL=postgres://a:b@MUTE/c TIENDI_POSTGRES_URL=postgres://a:b@MUTE/c"},
		{"collect --listen 127.0.0.1:0", "TIENDI_BROKER_URL=amqp://a:b@MUTE/"},
		{"serve --listen 127.0.0.1:0", "TIENDI_WAREHOUSE_TYPE=clickhouse TIENDI_WAREHOUSE_ADDRESSES=MUTE"},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		cmd := s.command(strings.Fields(role.args)...)
		cmd.Env = append(cmd.Env, strings.Fields(strings.ReplaceAll(role.url, "MUTE", l.Addr().String()))...)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Accept(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v\n%s", role.args, err, out.String())
		}
	}
}

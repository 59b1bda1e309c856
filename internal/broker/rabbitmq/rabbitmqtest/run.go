package rabbitmqtest

import (
	"os"
	"testing"
)

// Run starts a node that ends with the test.
func Run(t testing.TB) *Node {
	t.Helper()
	dir, err := os.MkdirTemp("", "tiendi-rabbitmq-") // t.TempDir's names are too long for a node
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	node, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(node.Stop)
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	return node
}

// RunToKill starts a node that the test may kill.
func RunToKill(t testing.TB) *Node {
	t.Helper()
	node := Run(t)
	if err := node.Settle(); err != nil {
		t.Fatal(err)
	}
	return node
}

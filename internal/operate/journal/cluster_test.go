package journal_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

const (
	clusterDatabase = "shop"
	clusterPassword = "of a test"
)

// freePort is a port that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// startHost starts an engine that knows the hosts at these ports as the cluster "two", and
// with one that is away as "three".
func startHost(t *testing.T, port int, all []int) *warehouse.Client {
	t.Helper()
	dir := t.TempDir()
	replica := func(port int) string {
		return fmt.Sprintf("<replica><host>127.0.0.1</host><port>%d</port><user>tiendi</user><password>%s</password></replica>", port, clusterPassword)
	}
	two := replica(all[0]) + replica(all[1])
	cluster := "<clickhouse><remote_servers><two><shard>" + two + "</shard></two><three><shard>" + two + replica(1) + "</shard></three></remote_servers></clickhouse>"
	o := embedded.Options{Dir: filepath.Join(dir, "engine"), TCPPort: port, Password: clusterPassword}
	err := os.MkdirAll(filepath.Join(o.Dir, "config.d"), 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(o.Dir, "config.d", "cluster.xml"), []byte(cluster), 0o600)
	}
	var cache string
	if err == nil {
		cache, err = embedded.DefaultCacheDir()
	}
	if err == nil {
		o.Library, err = embedded.Find(t.Context(), os.Getenv, cache)
	}
	if err == nil {
		o.Command, err = embedded.SelfCommand("__engine")
	}
	if err == nil {
		o.Log, err = embedded.OpenLog(filepath.Join(dir, "engine.log"))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Log.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	e, err := embedded.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Stop(context.WithoutCancel(t.Context())) })
	c, err := warehouse.Open(ctx, e.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := c.Exec(ctx, "CREATE DATABASE "+clusterDatabase); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCluster writes through one host of a cluster and reads through the other: a balancer
// gives the next command any of them.
func TestCluster(t *testing.T) {
	ports := []int{freePort(t), freePort(t)}
	var hosts []*journal.Journal
	for _, port := range ports {
		db := startHost(t, port, ports)
		hosts = append(hosts, &journal.Journal{Warehouse: db, Database: clusterDatabase, Cluster: "two"})
	}
	for _, j := range hosts {
		if newest, err := j.Newest(t.Context(), "etl", "a"); newest != nil || err != nil {
			t.Fatalf("before there is a table: %+v, %v", newest, err)
		}
	}
	for _, j := range hosts { // as ON CLUSTER does, which needs a Keeper
		alone := &journal.Journal{Warehouse: j.Warehouse, Database: clusterDatabase}
		if err := alone.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	job := journal.Entry{Job: "etl", Scope: "a", Run: "1", Lease: "l", State: journal.Running}
	step := job
	step.Step, step.State = "extract", journal.Done
	if err := hosts[0].Add(t.Context(), job, step); err != nil {
		t.Fatal(err)
	}
	running, err := hosts[1].Running(t.Context(), "etl")
	if err != nil || len(running) != 1 || running[0].Lease != "l" {
		t.Errorf("at work: %+v, %v", running, err)
	}
	for _, j := range hosts {
		steps, err := j.Scope(t.Context(), "etl", "a")
		if err != nil || len(steps) != 1 || steps[0].Step != "extract" {
			t.Errorf("steps: %+v, %v", steps, err)
		}
	}
	if err := hosts[1].Restart(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if steps, err := hosts[0].Scope(t.Context(), "etl", "a"); err != nil || len(steps) != 0 {
		t.Errorf("after a restart on the other host: %+v, %v", steps, err)
	}
	hosts[0].Cluster = "three"
	if running, err := hosts[0].Running(t.Context(), "etl"); err == nil {
		t.Errorf("a host is away, and others are taken to be at work: %+v", running)
	}
}

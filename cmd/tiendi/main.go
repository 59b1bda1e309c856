// Command tiendi is the analytics platform of a marketplace: it loads and
// generates data, builds SQL models on ClickHouse, tests them and reports.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/local"
)

func main() {
	// The local services are this program again under hidden commands.
	if code, handled := local.RunHidden(os.Args[1:], os.Stderr); handled {
		os.Exit(code)
	}
	app := &App{
		Console:   console.New(os.Stdout, os.Stderr, os.LookupEnv),
		In:        os.Stdin,
		LookupEnv: os.LookupEnv,
		Now:       time.Now,
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal drains; giving the handler back lets the second end
	// the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(execute(ctx, app, os.Args[1:]))
}

package tiendi

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"strings"
	"testing"
)

const module = "github.com/tiendi/tiendi"

// ranks orders the house: a package imports only packages of a lower rank, or
// of its own rank where sameRank allows it. The longest prefix decides.
var ranks = map[string]int{
	"cmd":                                   100,
	"internal/operate":                      90, // only cmd imports it
	"internal/operate/journal":              85,
	"internal/report":                       70,
	"internal/report/delivery":              72,
	"internal/anomaly":                      5,
	"internal/serve/api":                    70,
	"internal/serve/auth":                   20,
	"internal/serve/metabase":               20,
	"internal/serve/cohort":                 5,
	"internal/serve/live":                   60,
	"internal/serve/dashboard":              60,
	"internal/recommend":                    60,
	"internal/ingest":                       60,
	"internal/stream":                       60,
	"internal/stream/offheap":               50,
	"internal/stream/record":                50,
	"internal/stream/sketch":                50,
	"internal/stream/sink":                  55,
	"internal/stream/sink/clickhouse":       60,
	"internal/stream/sink/postgres":         60,
	"internal/stream/sink/redis":            60,
	"internal/stream/worker":                65,
	"internal/checkpoint/folder":            35,
	"internal/checkpoint/postgres":          35,
	"internal/checkpoint/checkpointtest":    36,
	"internal/postgres":                     32,
	"internal/transform":                    60,
	"internal/semantic":                     50,
	"internal/local":                        40,
	"internal/local/localtest":              41,
	"internal/warehouse/embedded":           35,
	"internal/broker":                       30,
	"internal/broker/embedded":              35,
	"internal/broker/rabbitmq":              35,
	"internal/broker/brokertest":            36,
	"internal/broker/rabbitmq/rabbitmqtest": 36,
	"internal/warehouse":                    30,
	"internal/warehouse/warehousetest":      45,
	"internal/blob":                         30,
	"internal/blob/azure":                   35,
	"internal/blob/folder":                  35,
	"internal/blob/s3":                      35,
	"internal/blob/blobtest":                36,
	"internal/archive":                      52,
	"internal/cache":                        30,
	"internal/checkpoint":                   30,
	"internal/project":                      30,
	"internal/profile":                      30,
	"internal/console":                      20,
	"internal/tracing":                      20,
	"internal/tracing/otlp":                 25,
	"internal/change":                       10,
	"internal/event":                        10,
	"internal/event/enrich":                 15,
	"internal/jsonschema":                   8,
	"internal/spelling":                     5,
	"internal/lazyregexp":                   5,
	"internal/jsonscan":                     5,
	"internal/chaos":                        5,
	"internal/browsertest":                  5,
	"internal/client":                       5,
	"internal/bench":                        110, // drives the built binary; nothing imports it
}

// sameRank lists the imports between packages of one rank that the design
// allows; a stage imports no other stage beyond these.
var sameRank = map[string]bool{
	"internal/transform/run -> internal/transform/compile":      true,
	"internal/transform/run -> internal/transform/materialize":  true,
	"internal/transform/run -> internal/transform/datatest":     true,
	"internal/transform/datatest -> internal/transform/compile": true,
	"internal/project/graph -> internal/project":                true,
	"internal/project/jinja -> internal/project":                true,
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %s", exit.Stderr)
		}
		t.Fatal(err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// TestImportsPointOneWay holds the order of the house: cmd, then stages and
// drivers, then seams, then the event contract.
func TestImportsPointOneWay(t *testing.T) {
	for _, p := range listPackages(t) {
		from := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if from == "" {
			continue
		}
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			if problem := judge(t, from, to); problem != "" {
				t.Errorf("%s imports %s: %s", from, to, problem)
			}
		}
	}
}

func judge(t *testing.T, from, to string) string {
	switch {
	case strings.HasPrefix(to, from+"/"):
		return "a parent never imports its child"
	case sameRank[from+" -> "+to]:
		return ""
	case rank(t, to) < rank(t, from):
		return ""
	}
	return "imports point from cmd to stages to seams to event, never back nor across"
}

func rank(t *testing.T, pkg string) int {
	for p := pkg; p != "."; p = path.Dir(p) {
		if r, ok := ranks[p]; ok {
			return r
		}
	}
	t.Fatalf("%s has no place in the layout: give it one in ranks", pkg)
	return 0
}

// TestNoPackageIsAGrabBag keeps names that say nothing out of the house.
func TestNoPackageIsAGrabBag(t *testing.T) {
	for _, p := range listPackages(t) {
		switch base := path.Base(p.ImportPath); base {
		case "util", "utils", "common", "helper", "helpers", "misc", "base", "lib":
			t.Errorf("%s: a package is named after what it does", p.ImportPath)
		}
	}
}

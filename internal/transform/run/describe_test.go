package run

import (
	"testing"

	"github.com/tiendi/tiendi/internal/project"
)

// TestPersistDocs wants the descriptions of every kind of relation in the warehouse,
// whatever they hold, also after it was built again, and what changed of them.
func TestPersistDocs(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt8, v String")
	s.exec("INSERT INTO {raw} VALUES (1, 'a')")
	config := map[string]any{"persist_docs": map[string]any{"relation": true, "columns": "true"}}
	kinds := []string{"view", "table", "incremental", "materialized_view"}
	for _, kind := range kinds {
		n := s.model("my_"+kind, kind, "SELECT k, v FROM {raw}", config, "source.shop.raw")
		n.Description = "It's a `" + kind + "`\\\n$1 {x} \"done\""
		n.Columns = []project.Column{{Name: "v", Description: "the ' value"}, {Name: "k"}, {Name: "gone", Description: "not there"}}
	}
	silent := s.model("silent", "table", "SELECT k FROM {raw}", map[string]any{"persist_docs": map[string]any{"relation": false}}, "source.shop.raw")
	silent.Description, silent.Columns = "not to be written", []project.Column{{Name: "k", Description: "nor this"}}
	check := func(column string) {
		t.Helper()
		for _, kind := range kinds {
			s.want("SELECT comment = 'It\\'s a `"+kind+"`\\\\\\n$1 '||char(123)||'x'||char(125)||' \"done\"' FROM system.tables WHERE database = '{this_schema}' AND name = 'my_"+kind+"'", "1")
			s.want("SELECT name, comment FROM system.columns WHERE database = '{this_schema}' AND table = 'my_"+kind+"' ORDER BY name", "k", "v "+column)
		}
		s.want("SELECT comment FROM system.tables WHERE database = '{this_schema}' AND name = 'silent'", "")
		s.want("SELECT comment FROM system.columns WHERE database = '{this_schema}' AND table = 'silent'", "")
	}
	s.run()
	check("the ' value")
	s.run()
	check("the ' value")
	for _, kind := range kinds {
		s.nodes["model.shop.my_"+kind].Columns[0].Description = "what it is worth"
	}
	s.run()
	check("what it is worth")
	s.run(full)
	check("what it is worth")
	s.nothingLeft()
}

package compile

import (
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// dbtVersion is the version of dbt that templates see: the one whose language
// is spoken here.
const dbtVersion = "1.10.0"

// member makes a member of the context, nil when there is none of that name.
func (s *scope) member(name string) jinja.Value {
	switch name {
	case "ref":
		return function(name, s.ref)
	case "source":
		return function(name, s.source)
	case "config":
		return &configValue{scope: s}
	case "var":
		return &varValue{scope: s}
	case "env_var":
		return function(name, s.envVar)
	case "this":
		return s.this()
	case "target", "env":
		return s.target()
	case "model":
		return s.model()
	case "graph":
		return s.graph()
	case "flags":
		return s.flags()
	case "execute":
		return jinja.Bool(s.executing())
	case "adapter":
		return &adapterValue{scope: s}
	case "api":
		return apiValue(s)
	case "column":
		return columnClass
	case "exceptions":
		return s.exceptions()
	case "log":
		return function(name, s.log)
	case "print":
		return function(name, s.print)
	case "builtins":
		return &attributes{kind: "dict", show: "builtins", get: s.member}
	case "context":
		return &attributes{kind: "dict", show: "context", get: func(name string) jinja.Value {
			v, _ := s.Lookup(name)
			return v
		}}
	}
	if v := s.facts(name); v != nil {
		return v
	}
	return s.helpers(name)
}

// facts are plain values.
func (s *scope) facts(name string) jinja.Value {
	switch name {
	case "dbt_version":
		return jinja.Str(dbtVersion)
	case "project_name":
		return jinja.Str(s.project.Root().Name)
	case "schema":
		return jinja.Str(s.relation().schema)
	case "database":
		return jinja.Str("")
	case "run_started_at":
		return toValue(s.options.Now.UTC())
	case "invocation_id":
		return jinja.Str(s.options.InvocationID)
	case "thread_id":
		return jinja.Str("MainThread")
	case "selected_resources":
		return toValue(s.options.Flags.Selected)
	case "invocation_args_dict":
		return toValue(map[string]any{"which": s.options.Flags.Which, "full_refresh": s.options.Flags.FullRefresh, "vars": s.options.Vars})
	case "dbt_metadata_envs":
		return toValue(map[string]any{})
	case "sql_now":
		return jinja.Str("now()")
	case "pre_hooks", "post_hooks":
		return s.hooks(name == "pre_hooks")
	case "sql", "compiled_code", "defer_relation":
		return jinja.None
	}
	return nil
}

// helpers are functions that need nothing of the node.
func (s *scope) helpers(name string) jinja.Value {
	switch name {
	case "fromyaml":
		return function(name, fromYAML)
	case "toyaml":
		return function(name, toYAML)
	case "modules":
		return jinja.Modules()
	case "load_result":
		return function(name, s.loadResult)
	case "store_result":
		return function(name, s.storeResult)
	case "store_raw_result":
		return function(name, s.storeRawResult)
	case "render":
		return function(name, s.renderText)
	case "try_or_compiler_error":
		return function(name, tryOrCompilerError)
	case "diff_of_two_dicts":
		return function(name, diffOfTwoDicts)
	case "doc":
		return function(name, s.doc)
	case "metric":
		return function(name, s.metric)
	case "write":
		return function(name, func(*jinja.Call) (jinja.Value, error) { return jinja.Str(""), nil })
	case "adapter_macro":
		return function(name, func(*jinja.Call) (jinja.Value, error) {
			return nil, failure("write adapter.dispatch('name', 'package')(…) instead", "adapter_macro is gone from dbt")
		})
	}
	return nil
}

var memberNames = strings.Fields(`ref source config var env_var this target env model graph flags execute
	adapter api column exceptions log print builtins context dbt_version project_name schema database
	run_started_at invocation_id thread_id selected_resources invocation_args_dict dbt_metadata_envs
	sql_now pre_hooks post_hooks load_result store_result store_raw_result render
	try_or_compiler_error diff_of_two_dicts doc metric write modules fromyaml toyaml`)

// engineNames are what the template engine itself gives, behind the context.
var engineNames = strings.Fields(`range dict namespace cycler joiner lipsum return tojson fromjson set
	set_strict zip zip_strict local_md5 caller varargs kwargs loop self super`)

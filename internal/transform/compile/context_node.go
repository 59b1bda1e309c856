package compile

import (
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// relation is this, also while its name is not settled yet.
func (s *scope) relation() *relation {
	if s.node == nil {
		return &relation{schema: s.options.Target.Schema}
	}
	r := relationOf(s.node.Relation)
	if r.schema == "" {
		r.schema = s.options.Target.Schema
	}
	if r.identifier == "" {
		r.identifier = s.node.Name
	}
	return r
}

func (s *scope) this() jinja.Value {
	if s.node == nil || s.node.Kind == project.Operation {
		return jinja.None
	}
	return s.relation()
}

// target is the profile's output, without what is secret.
func (s *scope) target() jinja.Value {
	t := s.options.Target
	values := map[string]any{}
	for k, v := range t.Fields {
		values[k] = v
	}
	for k, v := range map[string]any{
		"name": t.Name, "target_name": t.Name, "profile_name": t.Profile, "type": t.Type,
		"schema": t.Schema, "database": "", "threads": t.Threads,
	} {
		values[k] = v
	}
	if t.Cluster != "" {
		values["cluster"] = t.Cluster
	}
	return toValue(values)
}

// flags are dbt's flags under their names; those that tiendi has no use for
// have dbt's defaults.
func (s *scope) flags() jinja.Value {
	if s.options.reads != nil && !s.executing() {
		s.options.reads.readFlags()
	}
	f := s.options.Flags
	return toValue(map[string]any{
		"FULL_REFRESH": f.FullRefresh, "STORE_FAILURES": f.StoreFailures, "FAIL_FAST": f.FailFast,
		"EMPTY": f.Empty, "WHICH": f.Which, "INTROSPECT": true, "PARTIAL_PARSE": true, "PRINT": true,
		"USE_COLORS": false, "VERSION_CHECK": true, "WRITE_JSON": true, "STATIC_PARSER": true,
		"CACHE_SELECTED_ONLY": false, "TARGET": s.options.Target.Name, "PROFILE": s.options.Target.Profile,
		"EVENT_TIME_START": timeOrNone(f.EventTimeStart), "EVENT_TIME_END": timeOrNone(f.EventTimeEnd),
	})
}

// model is what the manifest says of the node.
func (s *scope) model() jinja.Value {
	if s.node == nil {
		return jinja.None
	}
	o := s.nodeObject(s.node)
	if s.run != nil && s.run.batch != nil {
		o = append(o, member{"batch", s.run.batch.object(s.node)})
	}
	return o.value()
}

func (s *scope) hooks(before bool) jinja.Value {
	if s.node == nil {
		return toValue([]any{})
	}
	hooks := s.node.Config.PostHook
	if before {
		hooks = s.node.Config.PreHook
	}
	return toValue(hookObjects(hooks))
}

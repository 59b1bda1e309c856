package semantic

import (
	"encoding/json"
	"strings"
)

// JSON is the manifest in the shape of MetricFlow's semantic_manifest.json
// (dbt-semantic-interfaces), in which metrics of either generation of the YAML
// stand with measures.
func (m *Manifest) JSON() ([]byte, error) {
	doc := jsonManifest{Models: []jsonModel{}, Metrics: []jsonMetric{}, SavedQueries: []jsonSavedQuery{}}
	for _, model := range m.Models {
		doc.Models = append(doc.Models, modelJSON(model))
	}
	for _, metric := range m.Metrics {
		doc.Metrics = append(doc.Metrics, m.metricJSON(metric))
	}
	for _, q := range m.SavedQueries {
		doc.SavedQueries = append(doc.SavedQueries, savedJSON(q))
	}
	doc.Project.Spines = []jsonSpine{}
	doc.Project.Tables = []any{}
	doc.Project.Version = jsonVersion{"0", "9", "0"}
	if s := m.Spine; s != nil {
		doc.Project.Spines = append(doc.Project.Spines, jsonSpine{
			relationJSON(s.Schema, s.Identifier), jsonSpineColumn{s.Column, string(Day)}, []any{},
		})
	}
	return json.Marshal(doc)
}

type jsonManifest struct {
	Models  []jsonModel  `json:"semantic_models"`
	Metrics []jsonMetric `json:"metrics"`
	Project struct {
		Tables   []any       `json:"time_spine_table_configurations"`
		Metadata any         `json:"metadata"`
		Version  jsonVersion `json:"dsi_package_version"`
		Spines   []jsonSpine `json:"time_spines"`
	} `json:"project_configuration"`
	SavedQueries []jsonSavedQuery `json:"saved_queries"`
}

type jsonVersion struct {
	Major string `json:"major_version"`
	Minor string `json:"minor_version"`
	Patch string `json:"patch_version"`
}

type jsonSpine struct {
	Relation jsonRelation    `json:"node_relation"`
	Column   jsonSpineColumn `json:"primary_column"`
	Custom   []any           `json:"custom_granularities"`
}

type jsonSpineColumn struct {
	Name  string `json:"name"`
	Grain string `json:"time_granularity"`
}

type jsonRelation struct {
	Alias    string `json:"alias"`
	Schema   string `json:"schema_name"`
	Database string `json:"database"`
	Name     string `json:"relation_name"`
}

func relationJSON(schema, identifier string) jsonRelation {
	return jsonRelation{Alias: identifier, Schema: schema, Name: table(schema, identifier)}
}

type jsonConfig struct {
	Meta map[string]any `json:"meta"`
}

func configJSON(meta map[string]any) jsonConfig {
	if meta == nil {
		meta = map[string]any{}
	}
	return jsonConfig{meta}
}

// optional is null where the text is empty.
func optional(text string) any {
	if text == "" {
		return nil
	}
	return text
}

type jsonSavedQuery struct {
	Name        string          `json:"name"`
	Description any             `json:"description"`
	Params      jsonQueryParams `json:"query_params"`
	Metadata    any             `json:"metadata"`
	Label       any             `json:"label"`
	Exports     []any           `json:"exports"`
	Tags        []string        `json:"tags"`
}

type jsonQueryParams struct {
	Metrics []string    `json:"metrics"`
	GroupBy []string    `json:"group_by"`
	OrderBy []string    `json:"order_by"`
	Limit   any         `json:"limit"`
	Where   *jsonFilter `json:"where"`
}

func savedJSON(q *SavedQuery) jsonSavedQuery {
	out := jsonSavedQuery{
		Name: q.Name, Description: optional(q.Description), Label: optional(q.Label), Exports: append([]any{}, q.Exports...), Tags: []string{},
		Params: jsonQueryParams{Metrics: append([]string{}, q.Metrics...), OrderBy: append([]string{}, q.OrderBy...), GroupBy: []string{}, Where: filterJSON(q.filters)},
	}
	for _, written := range q.GroupBy {
		out.Params.GroupBy = append(out.Params.GroupBy, groupByJSON(written))
	}
	if q.Limit > 0 {
		out.Params.Limit = q.Limit
	}
	return out
}

// groupByJSON writes a name as MetricFlow's object syntax, which saved queries
// of its manifest are in.
func groupByJSON(written string) string {
	name, err := savedName(written)
	if err != nil || strings.Contains(written, "(") {
		return written
	}
	it, err := parseItem(name)
	switch {
	case err != nil:
		return written
	case it.grain != "":
		base := strings.TrimSuffix(name, "__"+string(it.grain))
		return "TimeDimension('" + base + "', '" + string(it.grain) + "')"
	case len(it.links) == 0 && it.kind != timeItem:
		return "Entity('" + name + "')"
	}
	return "Dimension('" + name + "')"
}

package semantic

type jsonElement struct {
	Name        string     `json:"name"`
	Description any        `json:"description"`
	Label       any        `json:"label"`
	Expr        any        `json:"expr"`
	Metadata    any        `json:"metadata"`
	Config      jsonConfig `json:"config"`
}

type jsonModel struct {
	Name          string          `json:"name"`
	Defaults      *jsonDefaults   `json:"defaults"`
	Description   any             `json:"description"`
	Relation      jsonRelation    `json:"node_relation"`
	PrimaryEntity any             `json:"primary_entity"`
	Entities      []jsonEntity    `json:"entities"`
	Measures      []jsonMeasure   `json:"measures"`
	Dimensions    []jsonDimension `json:"dimensions"`
	Label         any             `json:"label"`
	Metadata      any             `json:"metadata"`
	Config        jsonConfig      `json:"config"`
}

type jsonDefaults struct {
	AggTime string `json:"agg_time_dimension"`
}

type jsonEntity struct {
	jsonElement
	Type string `json:"type"`
	Role any    `json:"role"`
}

type jsonDimension struct {
	jsonElement
	Type      string          `json:"type"`
	Partition bool            `json:"is_partition"`
	Params    *jsonTimeParams `json:"type_params"`
}

type jsonTimeParams struct {
	Grain    string        `json:"time_granularity"`
	Validity *jsonValidity `json:"validity_params"`
}

type jsonValidity struct {
	From bool `json:"is_start"`
	To   bool `json:"is_end"`
}

type jsonMeasure struct {
	jsonElement
	Agg         string           `json:"agg"`
	Create      bool             `json:"create_metric"`
	Params      *jsonAggParams   `json:"agg_params"`
	NonAdditive *jsonNonAdditive `json:"non_additive_dimension"`
	AggTime     any              `json:"agg_time_dimension"`
}

type jsonAggParams struct {
	Percentile  float64 `json:"percentile"`
	Discrete    bool    `json:"use_discrete_percentile"`
	Approximate bool    `json:"use_approximate_percentile"`
}

type jsonNonAdditive struct {
	Name      string   `json:"name"`
	Choice    string   `json:"window_choice"`
	Groupings []string `json:"window_groupings"`
}

func elementJSON(name, description, label, expr string, meta map[string]any) jsonElement {
	if expr == ident(name) {
		expr = ""
	}
	return jsonElement{name, optional(description), optional(label), optional(expr), nil, configJSON(meta)}
}

func modelJSON(m *Model) jsonModel {
	out := jsonModel{
		Name: m.Name, Description: optional(m.Description), Relation: relationJSON(m.Schema, m.Identifier), Label: optional(m.Label),
		Entities: []jsonEntity{}, Measures: []jsonMeasure{}, Dimensions: []jsonDimension{}, Config: configJSON(m.Meta),
	}
	if m.AggTime != "" {
		out.Defaults = &jsonDefaults{m.AggTime}
	}
	own := true
	for _, e := range m.Entities {
		own = own && e.Type != "primary"
		out.Entities = append(out.Entities, jsonEntity{elementJSON(e.Name, e.Description, e.Label, e.Expr, e.Meta), e.Type, nil})
	}
	if own {
		out.PrimaryEntity = optional(m.PrimaryEntity)
	}
	for _, d := range m.Dimensions {
		one := jsonDimension{jsonElement: elementJSON(d.Name, d.Description, d.Label, d.Expr, d.Meta), Type: d.Type, Partition: d.Partition}
		if d.Type == "time" {
			one.Params = &jsonTimeParams{Grain: string(d.Grain)}
			if d.ValidFrom || d.ValidTo {
				one.Params.Validity = &jsonValidity{d.ValidFrom, d.ValidTo}
			}
		}
		out.Dimensions = append(out.Dimensions, one)
	}
	for _, measure := range m.Measures {
		out.Measures = append(out.Measures, measureJSON(measure))
	}
	return out
}

func measureJSON(m *Measure) jsonMeasure {
	agg := map[string]string{"avg": "average"}[m.Agg]
	out := jsonMeasure{
		jsonElement: elementJSON(m.Name, m.Description, m.Label, m.Expr, m.Meta), Agg: firstOf(agg, m.Agg),
		Create: m.CreateMetric, AggTime: optional(m.AggTime),
	}
	if m.Agg == "percentile" {
		out.Params = &jsonAggParams{m.Percentile, m.Discrete, m.Approximate}
	}
	if n := m.NonAdditive; n != nil {
		out.NonAdditive = &jsonNonAdditive{n.Dimension, n.Choice, append([]string{}, n.Groupings...)}
	}
	return out
}

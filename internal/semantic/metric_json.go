package semantic

type jsonMetric struct {
	Name        string           `json:"name"`
	Description any              `json:"description"`
	Type        string           `json:"type"`
	Params      jsonMetricParams `json:"type_params"`
	Filter      *jsonFilter      `json:"filter"`
	Metadata    any              `json:"metadata"`
	Label       any              `json:"label"`
	Config      jsonConfig       `json:"config"`
	Grain       any              `json:"time_granularity"`
}

type jsonMetricParams struct {
	Measure       *jsonMeasureInput  `json:"measure"`
	Numerator     *jsonMetricInput   `json:"numerator"`
	Denominator   *jsonMetricInput   `json:"denominator"`
	Expr          any                `json:"expr"`
	Window        *jsonWindow        `json:"window"`
	GrainToDate   any                `json:"grain_to_date"`
	Metrics       []jsonMetricInput  `json:"metrics"`
	Conversion    *jsonConversion    `json:"conversion_type_params"`
	Cumulative    *jsonCumulative    `json:"cumulative_type_params"`
	InputMeasures []jsonMeasureInput `json:"input_measures"`
}

type jsonFilter struct {
	Filters []jsonWhere `json:"where_filters"`
}

type jsonWhere struct {
	Template string `json:"where_sql_template"`
}

func filterJSON(filters []filter) *jsonFilter {
	if len(filters) == 0 {
		return nil
	}
	out := &jsonFilter{}
	for _, f := range filters {
		out.Filters = append(out.Filters, jsonWhere{f.text})
	}
	return out
}

type jsonMeasureInput struct {
	Name      string      `json:"name"`
	Filter    *jsonFilter `json:"filter"`
	Alias     any         `json:"alias"`
	JoinSpine bool        `json:"join_to_timespine"`
	Fill      *int64      `json:"fill_nulls_with"`
}

func measureInputJSON(m *MeasureInput) *jsonMeasureInput {
	if m == nil {
		return nil
	}
	return &jsonMeasureInput{m.Name, filterJSON(m.Filters), optional(m.Alias), m.JoinSpine, m.Fill}
}

type jsonMetricInput struct {
	Name          string      `json:"name"`
	Filter        *jsonFilter `json:"filter"`
	Alias         any         `json:"alias"`
	OffsetWindow  *jsonWindow `json:"offset_window"`
	OffsetToGrain any         `json:"offset_to_grain"`
}

func metricInputJSON(m *MetricInput) *jsonMetricInput {
	if m == nil {
		return nil
	}
	return &jsonMetricInput{m.Name, filterJSON(m.Filters), optional(m.Alias), windowJSON(m.OffsetWindow), optional(string(m.OffsetToGrain))}
}

type jsonWindow struct {
	Count int    `json:"count"`
	Grain string `json:"granularity"`
}

func windowJSON(w Window) *jsonWindow {
	if w.isZero() {
		return nil
	}
	return &jsonWindow{w.Count, string(w.Grain)}
}

type jsonCumulative struct {
	Window      *jsonWindow `json:"window"`
	GrainToDate any         `json:"grain_to_date"`
	PeriodAgg   string      `json:"period_agg"`
}

type jsonConversion struct {
	Base        *jsonMeasureInput `json:"base_measure"`
	Converted   *jsonMeasureInput `json:"conversion_measure"`
	Entity      string            `json:"entity"`
	Calculation string            `json:"calculation"`
	Window      *jsonWindow       `json:"window"`
	Constants   []jsonConstant    `json:"constant_properties"`
}

type jsonConstant struct {
	Base      string `json:"base_property"`
	Converted string `json:"conversion_property"`
}

func (m *Manifest) metricJSON(metric *Metric) jsonMetric {
	out := jsonMetric{
		Name: metric.Name, Description: optional(metric.Description), Type: metric.Type, Filter: filterJSON(metric.Filters),
		Label: optional(metric.Label), Config: configJSON(metric.Meta), Grain: optional(string(metric.TimeGrain)),
		Params: jsonMetricParams{
			Measure: measureInputJSON(metric.Measure), Numerator: metricInputJSON(metric.Numerator),
			Denominator: metricInputJSON(metric.Denominator), Expr: optional(metric.Expr),
			Metrics: []jsonMetricInput{}, InputMeasures: []jsonMeasureInput{},
		},
	}
	for _, in := range metric.Inputs {
		out.Params.Metrics = append(out.Params.Metrics, *metricInputJSON(in))
	}
	for _, in := range m.inputMeasures(metric, map[*Metric]bool{}) {
		out.Params.InputMeasures = append(out.Params.InputMeasures, *measureInputJSON(in))
	}
	if c := metric.Cumulative; c != nil {
		out.Params.Cumulative = &jsonCumulative{windowJSON(c.Window), optional(string(c.GrainToDate)), c.PeriodAgg}
	}
	if c := metric.Conversion; c != nil {
		one := &jsonConversion{measureInputJSON(c.Base), measureInputJSON(c.Converted), c.Entity, c.Calculation, windowJSON(c.Window), []jsonConstant{}}
		for _, p := range c.Constants {
			one.Constants = append(one.Constants, jsonConstant(p))
		}
		out.Params.Conversion = one
	}
	return out
}

// inputMeasures are the measures of a metric and of those that it is made of.
func (m *Manifest) inputMeasures(metric *Metric, seen map[*Metric]bool) []*MeasureInput {
	if metric == nil || seen[metric] {
		return nil
	}
	seen[metric] = true
	all := append([]*MeasureInput(nil), metric.measures()...)
	for _, in := range metric.inputs() {
		all = append(all, m.inputMeasures(m.metrics[in.Name], seen)...)
	}
	return all
}

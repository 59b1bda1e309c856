package project

// keptAsWritten says, by section, which values of an entry keep their Jinja
// when properties are read: descriptions (rendered with docs), arguments of
// tests (rendered when the test is compiled), hooks and queries (rendered
// when they run), filters of metrics (MetricFlow's own templates). Paths are
// the keys below the entry, list positions "".
var keptAsWritten = map[string]func(path []string) bool{
	"models": keptOfNode, "seeds": keptOfNode, "analyses": keptOfNode, "data_tests": keptOfNode, "groups": keptOfNode,
	"exposures": keptOfNode, "semantic_models": keptOfNode,
	"sources":       keptOfSource,
	"macros":        keptOfMacro,
	"metrics":       keptOfMetric,
	"saved_queries": keptOfQuery,
}

func written(key string) bool {
	switch key {
	case "tests", "data_tests", "description", "loaded_at_query":
		return true
	}
	return false
}

func keptOfNode(path []string) bool {
	switch {
	case written(path[0]):
		return true
	case len(path) == 2 && written(path[1]):
		return true
	case len(path) == 2 && path[0] == "config":
		return path[1] == "pre_hook" || path[1] == "post_hook" || path[1] == "pre-hook" || path[1] == "post-hook"
	case len(path) == 5 && path[4] == "description": // versions, columns of theirs
		return true
	case len(path) == 3:
		switch path[0] {
		case "columns", "dimensions", "measures", "entities", "versions":
			return written(path[2])
		}
	}
	return len(path) == 5 && path[0] == "versions" && written(path[4])
}

func keptOfSource(path []string) bool {
	if path[0] == "description" || path[0] == "loaded_at_query" {
		return true
	}
	if len(path) == 2 && path[0] == "config" && path[1] == "loaded_at_query" {
		return true
	}
	return path[0] == "tables" && len(path) > 2 && keptOfNode(path[2:])
}

func keptOfMacro(path []string) bool {
	if path[0] == "arguments" {
		return len(path) > 2 && path[2] == "description"
	}
	return keptOfNode(path)
}

func keptOfMetric(path []string) bool {
	return path[len(path)-1] == "filter" || keptOfNode(path)
}

func keptOfQuery(path []string) bool {
	return len(path) == 2 && path[0] == "query_params" && path[1] == "where" || keptOfNode(path)
}

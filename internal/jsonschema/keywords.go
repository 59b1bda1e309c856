package jsonschema

import "maps"

// keyword takes the value of a keyword of s, which stands at the place. What is
// wrong with the value it reports, and then goes on.
type keyword func(c *compiler, s *Schema, value any, at place)

// allKeywords are those of draft 2020-12 by name, with the older spellings that
// its meta-schema still lists.
func allKeywords() map[string]keyword {
	all := applicators()
	maps.Copy(all, assertions())
	maps.Copy(all, annotations())
	return all
}

// applicators are the keywords whose values are schemas.
func applicators() map[string]keyword {
	return map[string]keyword{
		"$ref":        takeRef,
		"$defs":       named(func(*Schema, string, *Schema) {}),
		"definitions": named(func(*Schema, string, *Schema) {}),

		"allOf": several(func(s *Schema) *[]*Schema { return &s.allOf }),
		"anyOf": several(func(s *Schema) *[]*Schema { return &s.anyOf }),
		"oneOf": several(func(s *Schema) *[]*Schema { return &s.oneOf }),
		"not":   one(func(s *Schema) **Schema { return &s.not }),
		"if":    one(func(s *Schema) **Schema { return &s.condition }),
		"then":  one(func(s *Schema) **Schema { return &s.then }),
		"else":  one(func(s *Schema) **Schema { return &s.orElse }),

		"properties":            named(func(s *Schema, key string, of *Schema) { s.objects().properties[key] = of }),
		"patternProperties":     takePatterns,
		"additionalProperties":  one(func(s *Schema) **Schema { return &s.objects().additional }),
		"propertyNames":         one(func(s *Schema) **Schema { return &s.objects().names }),
		"unevaluatedProperties": one(func(s *Schema) **Schema { return &s.objects().unevaluated }),
		"dependentSchemas":      named(addDependent),
		"dependencies":          takeDependencies,

		"prefixItems":      several(func(s *Schema) *[]*Schema { return &s.arrays().prefix }),
		"items":            takeItems,
		"contains":         one(func(s *Schema) **Schema { return &s.arrays().contains }),
		"unevaluatedItems": one(func(s *Schema) **Schema { return &s.arrays().unevaluated }),
		"contentSchema":    one(func(*Schema) **Schema { return new(*Schema) }),
	}
}

// assertions are the keywords that say what a value must be.
func assertions() map[string]keyword {
	return map[string]keyword{
		"type":  takeType,
		"const": func(_ *compiler, s *Schema, value any, _ place) { s.fixed = newChoice([]any{value}) },
		"enum":  takeEnum,

		"minimum":          bound(1, false),
		"exclusiveMinimum": bound(1, true),
		"maximum":          bound(-1, false),
		"exclusiveMaximum": bound(-1, true),
		"multipleOf":       takeMultipleOf,

		"minLength": count(func(s *Schema) *int { return &s.texts().length.least }),
		"maxLength": count(func(s *Schema) *int { return &s.texts().length.most }),
		"pattern":   takePattern,
		"format":    takeFormat,

		"minItems":    count(func(s *Schema) *int { return &s.arrays().items.least }),
		"maxItems":    count(func(s *Schema) *int { return &s.arrays().items.most }),
		"uniqueItems": takeUnique,
		"minContains": count(func(s *Schema) *int { return &s.arrays().contained.least }),
		"maxContains": count(func(s *Schema) *int { return &s.arrays().contained.most }),

		"minProperties":     count(func(s *Schema) *int { return &s.objects().size.least }),
		"maxProperties":     count(func(s *Schema) *int { return &s.objects().size.most }),
		"required":          takeRequired,
		"dependentRequired": takeDependentRequired,
	}
}

// annotations are the keywords that check nothing. Their values must be right
// all the same.
func annotations() map[string]keyword {
	return map[string]keyword{
		"$schema":          takeDraft,
		"$id":              takeID,
		"$anchor":          takeAnchor,
		"$dynamicRef":      refused("write $ref: what a reference means cannot depend on who refers"),
		"$dynamicAnchor":   refused("write $anchor: what a reference means cannot depend on who refers"),
		"$recursiveRef":    refused("write $ref: this is of an older draft"),
		"$recursiveAnchor": refused("leave it out: this is of an older draft"),
		"$vocabulary":      refused("leave it out: all keywords of the draft hold"),
		"$comment":         typed(KindString, "a string"),
		"title":            typed(KindString, "a string"),
		"description":      typed(KindString, "a string"),
		"default":          func(*compiler, *Schema, any, place) {},
		"examples":         typed(KindArray, "a list"),
		"deprecated":       typed(KindBool, "true or false"),
		"readOnly":         typed(KindBool, "true or false"),
		"writeOnly":        typed(KindBool, "true or false"),
		"contentEncoding":  typed(KindString, "a string"),
		"contentMediaType": typed(KindString, "a string"),
	}
}

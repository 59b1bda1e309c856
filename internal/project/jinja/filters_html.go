package jinja

import (
	"html"
	"net/url"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

func htmlFilters(t table) {
	t.def("escape", "value", func(st *state, a values) (Value, error) {
		if _, ok := a[0].(Markup); ok {
			return a[0], nil
		}
		s, err := st.str(a[0])
		return Markup(escapeHTML(s)), err
	})
	t.alias("escape", "e")
	t.def("forceescape", "value", func(st *state, a values) (Value, error) {
		s, err := st.str(a[0])
		return Markup(escapeHTML(s)), err
	})
	t.def("safe", "value", func(st *state, a values) (Value, error) {
		s, err := st.str(a[0])
		return Markup(s), err
	})
	t.def("striptags", "value", func(st *state, a values) (Value, error) {
		s, err := st.str(a[0])
		return Str(stripTags(s)), err
	})
	t.def("urlencode", "value", urlencodeFilter)
	t.def("xmlattr", "d autospace?", xmlattrFilter)
	t.def("urlize", "value trim_url_limit? nofollow? target? rel? extra_schemes?", urlizeFilter)
	t.def("tojson", "value indent?", func(st *state, a values) (Value, error) {
		w := jsonWriter{st: st, sortKeys: true, indent: -1}
		if a[1] != nil && a[1] != None {
			n, err := intArg(a[1], 0)
			if err != nil {
				return nil, err
			}
			w.indent = min(max(n, 0), 100)
		}
		s, err := w.text(a[0])
		return Markup(jsonForHTML.Replace(s)), err
	})
}

var jsonForHTML = strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`, "'", `\u0027`)

var (
	htmlComment = lazyregexp.New(`(?s)<!--.*?-->`)
	htmlTag     = lazyregexp.New(`(?s)<.*?>`)
)

func stripTags(s string) string {
	s = htmlTag().ReplaceAllString(htmlComment().ReplaceAllString(s, ""), "")
	return html.UnescapeString(strings.Join(strings.FieldsFunc(s, isSpace), " "))
}

// quoteURL is urllib's quote; in a query / is quoted too and spaces are +.
func quoteURL(s string, query bool) string {
	q := strings.NewReplacer("+", "%20", "%7E", "~").Replace(url.QueryEscape(s))
	if query {
		return strings.ReplaceAll(q, "%20", "+")
	}
	return strings.ReplaceAll(q, "%2F", "/")
}

func urlencodeFilter(st *state, a values) (Value, error) {
	keys, vals, ok := pairsOf(a[0])
	if _, isText := textOf(a[0]); !ok && !isText {
		if items, isSeq := itemsOf(a[0]); isSeq {
			for _, item := range items {
				pair, err := unpack(item, 2)
				if err != nil {
					return nil, err
				}
				keys, vals = append(keys, pair[0]), append(vals, pair[1])
			}
			ok = true
		}
	}
	if !ok {
		s, err := st.str(a[0])
		return Str(quoteURL(s, false)), err
	}
	parts := make([]string, len(keys))
	for i, k := range keys {
		name, err := st.str(k)
		if err != nil {
			return nil, err
		}
		val, err := st.str(vals[i])
		if err != nil {
			return nil, err
		}
		parts[i] = quoteURL(name, true) + "=" + quoteURL(val, true)
	}
	return Str(strings.Join(parts, "&")), nil
}

func xmlattrFilter(st *state, a values) (Value, error) {
	keys, vals, ok := pairsOf(a[0])
	if !ok {
		return nil, raise(TypeError, "xmlattr wants a mapping, not %s", a[0].Type())
	}
	var parts []string
	for i, k := range keys {
		if vals[i] == None || isUndefined(vals[i]) {
			continue
		}
		name, err := textArg(k)
		if err != nil {
			return nil, err
		}
		if strings.ContainsAny(name, " \t\n\r\f\v/>=") {
			return nil, raise(ValueError, "Invalid character in attribute name: %s", reprStr(name))
		}
		val, err := st.str(vals[i])
		if err != nil {
			return nil, err
		}
		parts = append(parts, escapeIfPlain(k, name)+`="`+escapeIfPlain(vals[i], val)+`"`)
	}
	s := strings.Join(parts, " ")
	if s != "" && (a[1] == nil || truth(a[1])) {
		s = " " + s
	}
	return Str(s), nil
}

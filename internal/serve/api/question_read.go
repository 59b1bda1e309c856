package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// readQuestion reads one, with a bound on all of it.
func readQuestion(r *http.Request) (question, error) {
	read := questionOfParameters
	if r.Method == http.MethodPost {
		read = questionOfBody
	}
	q, err := read(r)
	if err != nil {
		return q, asked(err)
	}
	for name, list := range map[string][]string{"metrics": q.Metrics, "group_by": q.GroupBy, "where": q.Where, "order_by": q.OrderBy, "stores": q.Stores} {
		if len(list) > maxNames && name != "stores" {
			return q, refuse(http.StatusBadRequest, fmt.Sprintf("%s has %d entries, and %d is the most", name, len(list), maxNames))
		}
	}
	if q.Format == "" {
		q.Format = accepted(r.Header.Get("Accept"))
	}
	if q.Format != "json" && q.Format != "csv" {
		return q, refuse(http.StatusNotAcceptable, "answers are application/json or text/csv")
	}
	return q, nil
}

func questionOfBody(r *http.Request) (q question, err error) {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		return q, errors.New("send the question as Content-Type: application/json")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return q, errors.New("the question was cut off")
	}
	if len(body) > maxBody {
		return q, fmt.Errorf("the question is longer than %d bytes", maxBody)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil {
		return q, fmt.Errorf("the question is not what /openapi.json describes: %w", err)
	}
	if d.More() {
		return q, errors.New("there is something behind the question")
	}
	return q, nil
}

func questionOfParameters(r *http.Request) (q question, err error) {
	lists := map[string]*[]string{"metrics": &q.Metrics, "group_by": &q.GroupBy, "order_by": &q.OrderBy, "stores": &q.Stores, "where": &q.Where}
	words := map[string]*string{
		"start": &q.Start, "end": &q.End, "saved_query": &q.Saved, "time_zone": &q.TimeZone, "compare": &q.Compare, "cursor": &q.Cursor, "format": &q.Format,
	}
	v, err := parameters(r, append(slices.Collect(maps.Keys(words)), "limit", "sparse"), slices.Collect(maps.Keys(lists))...)
	if err != nil {
		return q, err
	}
	for name, values := range v {
		switch {
		case name == "where": // conditions have commas of their own
			q.Where = values
		case lists[name] != nil:
			for _, value := range values {
				*lists[name] = append(*lists[name], strings.Split(value, ",")...)
			}
		case words[name] != nil:
			*words[name] = values[0]
		case name == "limit":
			q.Limit, err = strconv.Atoi(values[0])
		case name == "sparse":
			q.Sparse, err = strconv.ParseBool(values[0])
		}
		if err != nil {
			return q, fmt.Errorf("%s: %q is not what it takes", name, values[0])
		}
	}
	return q, nil
}

// accepted is the format of the first media type that is known.
func accepted(header string) string {
	for part := range strings.SplitSeq(header, ",") {
		switch kind, _, _ := strings.Cut(strings.TrimSpace(part), ";"); kind {
		case "text/csv":
			return "csv"
		case "application/json", "*/*", "application/*", "":
			return "json"
		}
	}
	return ""
}

func day(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, refuse(http.StatusBadRequest, fmt.Sprintf("%s: %q is no day: want 2026-11-20", name, text))
	}
	return t, nil
}

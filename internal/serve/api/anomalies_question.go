package api

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

const (
	// defaultAnomalies are those of an answer whose number is not asked for, and
	// mostAnomalies as many as there may be.
	defaultAnomalies, mostAnomalies = 100, 1000
)

// anomalyQuestion is what GET /v1/anomalies takes.
type anomalyQuestion struct {
	Start  string // 2026-11-01, "" for the first that was searched
	End    string // not included, "" for behind the last
	Limit  int
	Format string
	store  event.ID // zero for the platform and all stores
}

func readAnomalyQuestion(c *call) (q anomalyQuestion, err error) {
	v, err := parameters(c.Request, []string{"date", "start", "end", "store", "limit", "format"})
	if err != nil {
		return q, err
	}
	q = anomalyQuestion{Start: v.Get("start"), End: v.Get("end"), Limit: defaultAnomalies, Format: accepted(c.Header.Get("Accept"))}
	if v.Has("format") {
		q.Format = v.Get("format")
	}
	if mediaTypes[q.Format] == "" {
		return q, refuse(http.StatusNotAcceptable, "answers are application/json or text/csv")
	}
	if v.Has("limit") {
		if q.Limit, err = strconv.Atoi(v.Get("limit")); err != nil || q.Limit < 1 || q.Limit > mostAnomalies {
			return q, refuse(http.StatusBadRequest, fmt.Sprintf("limit: ask for 1 to %d", mostAnomalies))
		}
	}
	if err = q.span(v.Get("date")); err != nil {
		return q, err
	}
	q.store, err = c.store(v.Get("store"))
	return q, err
}

// span settles which days are asked for.
func (q *anomalyQuestion) span(date string) error {
	for name, text := range map[string]string{"start": q.Start, "end": q.End} {
		if _, err := day(name, text); err != nil {
			return err
		}
	}
	on, err := day("date", date)
	switch {
	case err != nil:
		return err
	case date != "" && q.Start+q.End != "":
		return refuse(http.StatusBadRequest, "ask for a date, or for those from start to end")
	case date != "":
		q.Start, q.End = date, on.AddDate(0, 0, 1).Format(time.DateOnly)
	case q.Start != "" && q.End != "" && q.Start >= q.End:
		return refuse(http.StatusBadRequest, "end: want a day after start; it is not included")
	}
	return nil
}

// mine says whether the caller asked for what is of that store.
func (q *anomalyQuestion) mine(id string) bool {
	return q.store == (event.ID{}) || id == q.store.String()
}

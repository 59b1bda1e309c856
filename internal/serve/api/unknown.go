package api

import (
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// unknown answers requests below /v1/ that none of the mux's routes takes.
func unknown(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := uuid.NewString()
		w.Header().Set("X-Request-Id", id)
		var allowed []string
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			other := *r
			other.Method = method
			if _, pattern := mux.Handler(&other); strings.HasPrefix(pattern, method+" ") {
				allowed = append(allowed, method)
			}
		}
		if len(allowed) == 0 {
			refuse(http.StatusNotFound, "there is no such path: /openapi.json has all of them").write(w, id)
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		refuse(http.StatusMethodNotAllowed, "the path takes "+strings.Join(allowed, " and ")).write(w, id)
	}
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/spelling"
)

func newEventsValidate(app *App, o *eventsOptions) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "validate [FILE…]",
		Short: "Hold events against their schemas",
		Long: "Reads NDJSON, an array of events, or one event, from files (also .gz and .zst) or, with\n" +
			"none or -, from standard input. Each refused event is a line on standard output: where,\n" +
			"the reason, the JSON pointer, and what was wanted. Nothing is stored.\n\n" +
			"The exit code is 1 where an event is refused, and 2 where a file or a schema cannot be\n" +
			"read.",
		Example: "  tiendi events validate events.ndjson\n" +
			"  tiendi events validate data/events/*.ndjson.zst --output json > refused.ndjson\n" +
			"  tail -n 1000 tracker.log | tiendi events validate",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEventsValidate(cmd.Context(), app, o, output, args)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "refused events as text, or json: an object a line")
	return cmd
}

func runEventsValidate(ctx context.Context, app *App, o *eventsOptions, output string, files []string) error {
	if output != "text" && output != "json" {
		return fmt.Errorf("unknown --output %q: use text or json", output)
	}
	r, err := app.registry(o)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	v := newValidation(app, r, output == "json")
	for _, file := range files {
		if err = v.file(ctx, file); err != nil {
			break
		}
	}
	if err := errors.Join(err, v.out.Flush()); err != nil {
		return err
	}
	v.sumUp(len(files))
	if v.refused > 0 {
		return &failedError{err: fmt.Errorf("refused events: %s of %s", console.Count(v.refused), console.Count(v.events))}
	}
	return nil
}

// refusedEvent is a line of `tiendi events validate --output json`.
type refusedEvent struct {
	File    string       `json:"file"`
	Line    int          `json:"line"`
	Reason  event.Reason `json:"reason"`
	Pointer string       `json:"pointer"`
	Detail  string       `json:"detail"`
	Raw     string       `json:"raw"` // its beginning
}

// maxRefusedRaw is how much of a refused event is printed, in bytes.
const maxRefusedRaw = 8 << 10

func (v *validation) refuse(file string, line int, raw []byte, r *event.Rejection) error {
	v.refused++
	v.reasons[r.Reason]++
	detail := r.Detail
	if r.Reason == event.UnknownType {
		detail += v.suggest(raw)
	}
	if !v.json {
		pointer := r.Pointer
		if pointer != "" {
			pointer = " " + pointer
		}
		_, err := fmt.Fprintf(v.out, "%s:%d: %s%s: %s\n", file, line, r.Reason, pointer, detail)
		return err
	}
	raw = raw[:min(len(raw), maxRefusedRaw)]
	return json.NewEncoder(v.out).Encode(refusedEvent{file, line, r.Reason, r.Pointer, detail, strings.ToValidUTF8(string(raw), "\ufffd")})
}

// suggest names the type that an unknown one is a misspelling of.
func (v *validation) suggest(raw []byte) string {
	var named struct {
		Type string `json:"event_type"`
	}
	if json.Unmarshal(raw, &named) != nil {
		return ""
	}
	var known []string
	for _, info := range v.registry.Types() {
		known = append(known, string(info.Type))
	}
	if near := spelling.Near(named.Type, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return "; see: tiendi events list"
}

// sumUp says how many events were read, and how many refused for which reason.
func (v *validation) sumUp(files int) {
	text := fmt.Sprintf("%s %s in %d %s: %s valid, %s refused", console.Count(v.events), plural("event", v.events),
		files, plural("file", files), console.Count(v.events-v.refused), console.Count(v.refused))
	if v.refused > 0 {
		text += " (" + reasonCounts(v.reasons) + ")"
	}
	v.app.Console.Notice("%s", text)
}

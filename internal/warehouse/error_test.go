package warehouse

import (
	"errors"
	"strings"
	"testing"
)

func TestNewError(t *testing.T) {
	for _, tc := range []struct {
		name, message      string
		code               int
		wantName, wantText string
		line, col          int
	}{
		{"HTTP", "Code: 60. DB::Exception: Table d.t does not exist. (UNKNOWN_TABLE) (version 26.7.2.1)\n", 60, "UNKNOWN_TABLE", "Table d.t does not exist.", 0, 0},
		{"HTTP, official build", "Code: 60. DB::Exception: No t. (UNKNOWN_TABLE) (version 25.8.1.1 (official build))", 60, "UNKNOWN_TABLE", "No t.", 0, 0},
		{"native", "Table d.t does not exist.", 60, "UNKNOWN_TABLE", "Table d.t does not exist.", 0, 0},
		{"one line", "Syntax error: failed at position 7 (1): 1. Expected end of query.", 62, "SYNTAX_ERROR", "Syntax error: failed at position 7 (1): 1. Expected end of query.", 1, 7},
		{"lines", "Syntax error: failed at position 18 (x) (line 3, col 3): x y", 62, "SYNTAX_ERROR", "Syntax error: failed at position 18 (x) (line 3, col 3): x y", 3, 3},
		{"token with a line break", "Syntax error: failed at position 9 ('a\nb') (line 2, col 1): x", 62, "SYNTAX_ERROR", "Syntax error: failed at position 9 ('a\nb') (line 2, col 1): x", 2, 1},
		{"unknown code", "something", 99999, "", "something", 0, 0},
	} {
		e := newError(tc.code, "", tc.message, "id")
		line, col, ok := e.Position()
		if e.Name != tc.wantName || e.Message != tc.wantText || line != tc.line || col != tc.col || ok != (tc.line > 0) {
			t.Errorf("%s: %+v", tc.name, e)
		}
	}
}

func TestUnwrapPosition(t *testing.T) {
	e := newError(62, "", "Syntax error: failed at position 60 (x) (line 3, col 4): x", "id")
	var moved *Error
	if !errors.As(unwrapPosition(e), &moved) {
		t.Fatal("not an Error any more")
	}
	if line, col, _ := moved.Position(); line != 2 || col != 4 || !strings.Contains(moved.Message, "(line 2, col 4)") {
		t.Errorf("moved %+v", moved)
	}
	plain := errors.New("other")
	if unwrapPosition(plain) != plain {
		t.Error("another error was changed")
	}
}

func FuzzNewError(f *testing.F) {
	f.Add("Code: 62. DB::Exception: failed at position 1 (x) (line 99999999999999999999, col 1) (A_B) (version 1 (x))")
	f.Add("failed at position ((((")
	f.Fuzz(func(t *testing.T, message string) {
		if e := newError(62, "", message, ""); len(e.Message) > len(message) {
			t.Errorf("message grew to %q", e.Message)
		}
	})
}

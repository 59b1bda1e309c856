package jinja

import (
	"math/big"
	"reflect"
	"testing"
	"time"
)

func TestConvertBothWays(t *testing.T) {
	huge, _ := new(big.Int).SetString("18446744073709551616", 10)
	in := []Pair{
		{"z", nil}, {"a", []any{true, int64(1), 2.5, "x"}}, {"m", []Pair{{"k", huge}}},
		{"at", time.Date(2024, 1, 2, 3, 4, 5, 6000, time.UTC)},
	}
	v, err := FromGo([]Pair{{"z", nil}, {"a", []any{true, 1, 2.5, "x"}}, {"m", []Pair{{"k", &BigInt{huge}}}}, {"at", in[3].Value}})
	if err != nil {
		t.Fatal(err)
	}
	want := "{'z': None, 'a': [True, 1, 2.5, 'x'], 'm': {'k': 18446744073709551616}, 'at': datetime.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=<UTC>)}"
	if got, err := Repr(v); err != nil || got != want {
		t.Fatalf("%s, %v", got, err)
	}
	out, err := ToGo(v)
	if err != nil || !reflect.DeepEqual(out, in) {
		t.Fatalf("%#v, %v", out, err)
	}
}

func TestFromGoSortsMaps(t *testing.T) {
	v, err := FromGo(map[string]any{"b": []string{"x"}, "a": map[string]int{"k": 1}})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := Repr(v); got != "{'a': {'k': 1}, 'b': ['x']}" {
		t.Fatal(got)
	}
	if _, err := FromGo(make(chan int)); err == nil {
		t.Fatal("a channel is not data")
	}
}

func TestToGoStopsAtCycles(t *testing.T) {
	l := NewList()
	l.Items = append(l.Items, l)
	if _, err := ToGo(l); err == nil {
		t.Fatal("no error")
	}
}

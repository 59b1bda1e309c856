package api

import (
	"fmt"
	"strings"
	"testing"
)

func TestNear(t *testing.T) {
	n, err := newNear(100)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		n.put(fmt.Sprint(i), make([]byte, 24))
		n.get("0") // is asked for all the time
	}
	n.put("9", make([]byte, 20))
	kept := ""
	for i := range 10 {
		if n.get(fmt.Sprint(i)) != nil {
			kept += fmt.Sprint(i)
		}
	}
	if kept != "0789" || n.bytes != 3*25+21 {
		t.Errorf("%s are kept, %d bytes", kept, n.bytes)
	}
	n.put("x", make([]byte, 200))
	if n.bytes != 0 || n.get("x") != nil {
		t.Errorf("one that is larger than all may be: %d bytes", n.bytes)
	}
}

// TestKeptByAnotherServer: what one server has asked, another finds in Redis.
func TestKeptByAnotherServer(t *testing.T) {
	s := newSite(t, nil)
	token := s.token(t, storeA)
	first := s.get(t, token, "/v1/query?metrics=gmv")
	var err error
	if s.server.near, err = newNear(nearBytes); err != nil { // as another has it
		t.Fatal(err)
	}
	for range 2 {
		s.log.Reset()
		if r := s.get(t, token, "/v1/query?metrics=gmv"); r.text != first.text || !strings.Contains(s.log.String(), "cached=true") {
			t.Errorf("asked again: %s\n%s", r.text, s.log)
		}
	}
}

package sessionize

// name stands for a text that many events share: a page, a store, what a visitor
// came with. 0 is the empty one.
type name uint32

// names keeps each text once, for as long as events use it.
type names struct {
	of   map[string]name
	all  []named
	free []name
}

type named struct {
	text string
	uses uint32
}

func newNames() names { return names{of: map[string]name{}, all: []named{{}}} }

// hold gives the name of a text, for one more use of it. likely is what it may well
// be: to compare costs less than to look it up.
func (n *names) hold(text []byte, likely name) name {
	if len(text) == 0 {
		return 0
	}
	if n.all[likely].text == string(text) {
		n.all[likely].uses++
		return likely
	}
	i, known := n.of[string(text)]
	if !known {
		own := string(text)
		if last := len(n.free) - 1; last >= 0 {
			i, n.free = n.free[last], n.free[:last]
		} else {
			i = name(len(n.all))
			n.all = append(n.all, named{})
		}
		n.of[own], n.all[i].text = i, own
	}
	n.all[i].uses++
	return i
}

// drop ends one use.
func (n *names) drop(i name) {
	if i == 0 {
		return
	}
	e := &n.all[i]
	if e.uses--; e.uses == 0 {
		delete(n.of, e.text)
		e.text = ""
		n.free = append(n.free, i)
	}
}

func (n *names) text(i name) string { return n.all[i].text }

package jinja

// Range is Python's range.
type Range struct{ Start, Stop, Step int64 }

// Type is "range".
func (*Range) Type() string { return "range" }

// Len is the number of items.
func (r *Range) Len() int {
	switch {
	case r.Step > 0 && r.Start < r.Stop:
		return int((uint64(r.Stop)-uint64(r.Start)-1)/uint64(r.Step)) + 1
	case r.Step < 0 && r.Start > r.Stop:
		return int((uint64(r.Start)-uint64(r.Stop)-1)/uint64(-r.Step)) + 1
	}
	return 0
}

func (r *Range) at(i int) Value { return Int(r.Start + int64(i)*r.Step) }

// Namespace is Jinja2's namespace object: {% set ns.x = 1 %}.
type Namespace struct{ vars *Dict }

// Type is "Namespace".
func (*Namespace) Type() string { return "Namespace" }

// Undefined is a name, attribute or item that does not exist. It prints
// nothing, is false and empty; anything else done with it is an error.
type Undefined struct {
	Hint string // the whole message, when it is not made of Name and Object
	Name string
	// Object is what lacks the attribute Name or the item Key; nil for a name.
	Object Value
	Key    Value
	unsafe bool
	at     *frame // where hints for names come from
}

// Type is "Undefined".
func (*Undefined) Type() string { return "Undefined" }

// Message is what an error about the value says.
func (u *Undefined) Message() string {
	switch {
	case u.Hint != "":
		return u.Hint
	case u.Object == nil:
		return reprStr(u.Name) + " is undefined"
	case u.Key != nil:
		return objectType(u.Object) + " has no element " + mustRepr(u.Key)
	}
	return reprStr(objectType(u.Object)) + " has no attribute " + reprStr(u.Name)
}

func objectType(v Value) string {
	if v == None {
		return "None"
	}
	return v.Type() + " object"
}

// err is the error of using the value.
func (u *Undefined) err() error {
	hint := ""
	if u.Object == nil && u.Hint == "" && u.at != nil {
		if n, ok := u.at.unit.scope.(Namer); ok {
			hint = nearest(u.Name, n.Names())
		}
		if hint == "" {
			hint = nearestKey(u.Name, u.at.st.lib.builtins)
		}
	}
	return &raised{UndefinedError, u.Message(), hint}
}

// sliceValue is lo:hi:step within an index.
type sliceValue struct{ lo, hi, step Value }

// Type is "slice".
func (*sliceValue) Type() string { return "slice" }

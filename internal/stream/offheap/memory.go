// Package offheap has memory for state that lives long: Go's collector neither scans it
// nor lets as much garbage again pile up for its sake. A stream's worker holds millions of
// small pieces, and would otherwise take twice their size.
package offheap

import (
	"fmt"
	"reflect"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Memory is what somebody has taken. It goes back to the system when nobody has the
// Memory any more: whoever uses a part of it holds on to it. It is not safe for concurrent
// use.
type Memory struct{ mapped *mapped }

// mapped are the parts, by their first bytes.
type mapped struct{ parts map[*byte][]byte }

// New has nothing yet.
func New() *Memory {
	m := &Memory{&mapped{map[*byte][]byte{}}}
	runtime.AddCleanup(m, (*mapped).unmap, m.mapped)
	return m
}

// Bytes is how much there is of it, touched or not.
func (m *Memory) Bytes() (n int) {
	for _, part := range m.mapped.parts {
		n += len(part)
	}
	return n
}

func (m *mapped) unmap() {
	for _, part := range m.parts {
		_ = unix.Munmap(part) // a part that was mapped
	}
}

// Slice gives n zeros of a type without pointers. Pages of it that are never touched take
// no memory. Where the system has no more, it panics, as Go's own allocation does.
func Slice[T any](m *Memory, n int) []T {
	var zero T
	if kind := reflect.TypeFor[T](); hasPointers(kind) {
		panic(fmt.Sprintf("offheap: the collector would not see the pointers of %v", kind))
	}
	if n == 0 {
		return nil
	}
	part, err := unix.Mmap(-1, 0, n*int(unsafe.Sizeof(zero)), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		panic(fmt.Sprintf("offheap: no memory for %d bytes more: %v", n*int(unsafe.Sizeof(zero)), err))
	}
	m.mapped.parts[&part[0]] = part
	return unsafe.Slice((*T)(unsafe.Pointer(&part[0])), n)
}

// Free gives back what Slice gave, whole. It must not be used any more.
func Free[T any](m *Memory, all []T) {
	if len(all) == 0 {
		return
	}
	first := (*byte)(unsafe.Pointer(&all[0]))
	_ = unix.Munmap(m.mapped.parts[first])
	delete(m.mapped.parts, first)
}

func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return hasPointers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
		return false
	}
	return t.Kind() > reflect.Complex128
}

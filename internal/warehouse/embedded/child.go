//go:build !noembed

package embedded

import (
	"fmt"
	"io"
	"runtime"

	"github.com/ebitengine/purego"
)

// Supported reports whether this build can load the engine library.
const Supported = true

// Main is the hidden command that becomes the engine: args are the library and
// the arguments of "clickhouse local". It returns the process's exit code. The
// engine exits 0 even when it could not start, so the parent goes by what it
// says and by the ports file.
func Main(args []string, stderr io.Writer) int {
	if len(args) == 0 {
		_, _ = fmt.Fprintln(stderr, "engine: no library named")
		return 2
	}
	handle, err := purego.Dlopen(args[0], purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "engine: load library: %v\n", err)
		return 1
	}
	if msg := serve(handle, append([]string{"clickhouse"}, args[1:]...)); msg != "" {
		_, _ = fmt.Fprintln(stderr, msg)
		return 1
	}
	return 0
}

// serve returns the engine's error once it has stopped, "" for none.
func serve(handle uintptr, argv []string) string {
	var run func(argc int32, argv **byte) uintptr
	var resultError func(result uintptr) string
	purego.RegisterLibFunc(&run, handle, "chdb_query_cmdline")
	purego.RegisterLibFunc(&resultError, handle, "chdb_result_error")
	pointers := make([]*byte, len(argv)+1)
	for i, a := range argv {
		pointers[i] = &append([]byte(a), 0)[0]
	}
	var pin runtime.Pinner
	defer pin.Unpin()
	for _, p := range pointers[:len(argv)] {
		pin.Pin(p)
	}
	pin.Pin(&pointers[0])
	runtime.LockOSThread()
	result := run(int32(len(argv)), &pointers[0])
	if result == 0 {
		return "engine: the library gave no result"
	}
	return resultError(result)
}

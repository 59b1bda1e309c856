package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// collectLess lets the heap grow by spareHeap before garbage is collected, where that is more
// than usual: the engine needs the processors while statements run. It saves a tenth of what a
// run of 200 small models takes.
func collectLess() {
	const spareHeap, usual, most = 48 << 20, 100, 400
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	collectAt(int(min(max(spareHeap*100/max(m.HeapAlloc, 1), usual), most)))
}

// collectMore lets half as much garbage pile up as is alive: a worker's large state is not
// on the heap, and what is there is soon looked through.
func collectMore() { collectAt(50) }

// collectAt collects garbage when it is so many percent of what is alive, unless whoever
// started the process says otherwise.
func collectAt(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

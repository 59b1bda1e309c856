package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
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

// giveBack returns what a burst has left to the system once it is over, until the context
// ends: memory is collected as more is asked for, so whoever has nothing to do would keep
// what it needed last for minutes.
func giveBack(ctx context.Context) {
	const pause, little, much = time.Second, 8 << 20, 32 << 20 // much is worth a collection
	asked := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}} // since the process began
	var before, given uint64
	for {
		metrics.Read(asked)
		now := asked[0].Value.Uint64()
		if now-before < little && now-given > much {
			debug.FreeOSMemory()
			given = now
		}
		before = now
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

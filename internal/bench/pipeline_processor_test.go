package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// tick is what /proc counts processor time in: 1/100 s on all of Linux.
const tick = 10 * time.Millisecond

// process is what /proc/PID/stat says.
type process struct {
	parent int
	used   time.Duration // by itself, and by children that have ended
}

// processes are all of this machine.
func processes(b *testing.B) map[int]process {
	b.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(files) == 0 {
		b.Skip("processor time by process is read from /proc, which is not here")
	}
	all := map[int]process{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		// The name in brackets may have anything in it, brackets too.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		var p process
		p.parent, _ = strconv.Atoi(fields[1])
		for _, field := range fields[11:15] { // utime, stime, cutime, cstime
			ticks, _ := strconv.Atoi(field)
			p.used += time.Duration(ticks) * tick
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		all[pid] = p
	}
	return all
}

// spent is the processor time of each of these processes, and of all that they have
// started. The generator is this process, without what it has started.
func spent(b *testing.B, roots map[string]int) map[string]time.Duration {
	b.Helper()
	names := map[int]string{}
	for name, pid := range roots {
		names[pid] = name
	}
	all, used := processes(b), map[string]time.Duration{}
	for pid, p := range all {
		for above := pid; above > 1 && above != os.Getpid(); above = all[above].parent {
			if name, is := names[above]; is {
				used[name] += p.used
				break
			}
		}
	}
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		b.Fatal(err)
	}
	used[generator] = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	return used
}

const generator = "generator"

// child is the child of this process that has a text in its command, and another in
// its environment.
func child(b *testing.B, command, environment string) int {
	b.Helper()
	for pid, p := range processes(b) {
		if p.parent == os.Getpid() && procHas(pid, "cmdline", command) && procHas(pid, "environ", environment) {
			return pid
		}
	}
	b.Fatalf("no process of this one has %s in its command", command)
	return 0
}

func procHas(pid int, file, text string) bool {
	all, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	return err == nil && strings.Contains(string(all), text)
}

package bench

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// clockVariable makes the test binary a process that tells the time.
const clockVariable = "TIENDI_BENCH_CLOCK"

// tellTime answers each line by the Unix time and how long it has run, in seconds.
func tellTime() {
	began := time.Now()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(time.Now().Unix(), int(time.Since(began).Seconds()))
	}
}

// TestStepClock has the storms' processes live in another time for a while: what they
// measure goes on as before.
func TestStepClock(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), clockVariable+"=1")
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, startWithClock(cmd))
	defer func() { _, _ = in.Close(), cmd.Wait() }()
	agrees := func(by time.Duration) {
		t.Helper()
		_, err := fmt.Fprintln(in)
		must(t, err)
		var now, ran int64
		_, err = fmt.Fscan(out, &now, &ran)
		must(t, err)
		if off := time.Since(time.Unix(now, 0).Add(-by)); off < -time.Minute || off > time.Minute || ran > 600 {
			t.Errorf("its clock is %v off, and it ran for %d s", off, ran)
		}
	}
	agrees(0)
	for _, by := range []time.Duration{time.Hour, -time.Hour} {
		back, err := stepClock(cmd.Process.Pid, by)
		if len(clockFaults) == 0 && errors.Is(err, errors.ErrUnsupported) {
			return
		}
		must(t, err)
		agrees(by)
		must(t, back())
		agrees(0)
	}
}

package bench

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// clockFaults are those of a clock that only one process has.
var clockFaults = []string{"worker's clock stepped", "collector's clock stepped"}

// ownClock takes the place of the function by which a process reads its clocks without
// asking the kernel. It asks the kernel, and adds to the time of day, and to no other
// clock, the seconds in its last bytes but one.
var ownClock = []byte{
	0x66, 0x90, // nop: the seconds are written in one piece where they are aligned
	0xb8, 0xe4, 0, 0, 0, // mov eax, SYS_clock_gettime
	0x0f, 0x05, // syscall
	0x85, 0xff, // test edi, edi: CLOCK_REALTIME is 0
	0x75, 0x07, // jne to the end
	0x48, 0x81, 0x06, 0, 0, 0, 0, // add qword [rsi], seconds
	0xc3, // ret
}

const ownClockSeconds = 16 // where they are in it

// startWithClock starts a process whose clock can be stepped. It is changed before its
// first instruction, so none of its threads is in the function meanwhile.
func startWithClock(cmd *exec.Cmd) error {
	runtime.LockOSThread() // whoever traces is a thread
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	pid := cmd.Process.Pid
	var status syscall.WaitStatus
	_, err := syscall.Wait4(pid, &status, 0, nil)
	if err == nil {
		err = writeClock(pid, 0, ownClock)
	}
	return errors.Join(err, syscall.PtraceDetach(pid))
}

// stepClock steps the clock of a process that startWithClock has started; back undoes it.
func stepClock(pid int, by time.Duration) (back func() error, err error) {
	set := func(by time.Duration) error {
		seconds := binary.LittleEndian.AppendUint32(nil, uint32(int32(by/time.Second)))
		return writeClock(pid, ownClockSeconds, seconds)
	}
	return func() error {
		if syscall.Kill(pid, 0) == syscall.ESRCH {
			return nil // what runs now has the usual clock
		}
		return set(0)
	}, set(by)
}

// writeClock writes into the function that reads the clocks of a process.
func writeClock(pid, offset int, code []byte) error {
	memory, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", pid), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { _ = memory.Close() }()
	at, err := clockFunction(pid, memory)
	if err == nil {
		_, err = memory.WriteAt(code, at+int64(offset))
	}
	return err
}

// clockFunction is where that function is: the kernel's library in a process has it.
func clockFunction(pid int, memory *os.File) (int64, error) {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(maps)) {
		var from, to int64
		if _, err := fmt.Sscanf(line, "%x-%x ", &from, &to); err != nil || !strings.Contains(line, "[vdso]") {
			continue
		}
		text := make([]byte, to-from)
		if _, err := memory.ReadAt(text, from); err != nil {
			return 0, err
		}
		library, err := elf.NewFile(bytes.NewReader(text))
		if err != nil {
			return 0, err
		}
		symbols, err := library.DynamicSymbols()
		for _, s := range symbols {
			if s.Name == "__vdso_clock_gettime" && s.Size >= uint64(len(ownClock)) {
				return from + int64(s.Value), nil
			}
		}
		return 0, errors.Join(err, errors.New("the kernel's library has no clock_gettime that there is room in"))
	}
	return 0, errors.New("the process has no library of the kernel's")
}

package embedded

import (
	"fmt"
	"log/slog"
	"sync"
)

// serverLog hands the server's log to slog: notices are of interest to its makers
// only.
type serverLog struct {
	log *slog.Logger

	mu  sync.Mutex
	bad string
}

// Noticef implements server.Logger.
func (l *serverLog) Noticef(format string, v ...any) { l.log.Debug(fmt.Sprintf(format, v...)) }

// Warnf implements server.Logger.
func (l *serverLog) Warnf(format string, v ...any) { l.log.Warn(fmt.Sprintf(format, v...)) }

// Errorf implements server.Logger.
func (l *serverLog) Errorf(format string, v ...any) { l.fail(fmt.Sprintf(format, v...)) }

// Fatalf implements server.Logger. The server ends by itself.
func (l *serverLog) Fatalf(format string, v ...any) { l.fail(fmt.Sprintf(format, v...)) }

// Debugf implements server.Logger.
func (l *serverLog) Debugf(string, ...any) {}

// Tracef implements server.Logger.
func (l *serverLog) Tracef(string, ...any) {}

func (l *serverLog) fail(text string) {
	l.log.Error(text)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bad = text
}

// last is the newest error as the end of an error message.
func (l *serverLog) last() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bad == "" {
		return ""
	}
	return ": " + l.bad
}

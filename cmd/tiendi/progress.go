package main

import "github.com/tiendi/tiendi/internal/console"

// steps shows progress that comes as "done of total" on one line, which it
// begins with the first call and ends when done reaches total.
type steps struct {
	app  *App
	line *console.Progress
}

func (s *steps) show(done, total int, note string) {
	if s.line == nil {
		s.line = s.app.Console.Start(note)
	}
	s.line.Update("%s: %d of %d", note, done, total)
	if done >= total {
		s.line.Stop()
		s.line = nil
	}
}

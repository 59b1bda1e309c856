package console

import (
	"fmt"
	"sync"
	"time"

	"github.com/mattn/go-runewidth"
)

// plainEvery is how often a step that goes on says so where no line can be
// redrawn: seldom enough for a log, often enough to show life.
const plainEvery = 10 * time.Second

// Progress is one long step: a live line with elapsed time on a terminal,
// plain lines elsewhere. It shows nothing for steps under a second.
type Progress struct {
	console *Console
	start   time.Time
	mu      sync.Mutex
	text    string
	stop    chan struct{}
	done    sync.WaitGroup
}

// Start begins a step named text. Stop must be called.
func (c *Console) Start(text string) *Progress {
	p := &Progress{console: c, start: time.Now(), text: text, stop: make(chan struct{})}
	if !c.Quiet {
		p.done.Add(1)
		go p.draw()
	}
	return p
}

// Update replaces the text.
func (p *Progress) Update(format string, args ...any) {
	p.mu.Lock()
	p.text = fmt.Sprintf(format, args...)
	p.mu.Unlock()
}

// Elapsed is how long the step has been going.
func (p *Progress) Elapsed() time.Duration { return time.Since(p.start) }

// Stop ends the step and removes its line.
func (p *Progress) Stop() {
	select {
	case <-p.stop:
	default:
		close(p.stop)
	}
	p.done.Wait()
}

func (p *Progress) draw() {
	defer p.done.Done()
	every := plainEvery
	if p.console.Live {
		every = 100 * time.Millisecond
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-p.stop:
			if p.console.Live {
				p.console.setLine("")
			}
			return
		case <-tick.C:
			if p.Elapsed() >= time.Second {
				p.show()
			}
		}
	}
}

func (p *Progress) show() {
	p.mu.Lock()
	text := p.text
	p.mu.Unlock()
	elapsed := Duration(p.Elapsed())
	if !p.console.Live {
		p.console.Print("%s … %s", text, elapsed)
		return
	}
	if room := p.console.Width - len(elapsed) - 2; p.console.Width > 0 && room > 0 {
		text = runewidth.Truncate(text, room, "…")
	}
	p.console.setLine(text + " " + p.console.Paint(Faint, elapsed))
}

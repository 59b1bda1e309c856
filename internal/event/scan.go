package event

import "github.com/tiendi/tiendi/internal/jsonscan"

// scanner is one that reads what an event consists of, too.
type scanner struct{ jsonscan.Scanner }

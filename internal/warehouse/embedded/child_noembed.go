//go:build noembed

package embedded

import (
	"fmt"
	"io"
)

// Supported reports whether this build can load the engine library.
const Supported = false

// Main says that this build has no engine.
func Main(_ []string, stderr io.Writer) int {
	_, _ = fmt.Fprintln(stderr, errNoEmbed)
	return 1
}

package console

// Style is a colour of the terminal's own palette.
type Style string

// The styles in use; their meaning, not their hue, names them.
const (
	Good  Style = "\x1b[32m"
	Warn  Style = "\x1b[33m"
	Bad   Style = "\x1b[31m"
	Faint Style = "\x1b[2m"
	Bold  Style = "\x1b[1m"
)

// Paint wraps text in style where colours may be used.
func (c *Console) Paint(style Style, text string) string {
	if !c.Color || text == "" {
		return text
	}
	return string(style) + text + "\x1b[0m"
}

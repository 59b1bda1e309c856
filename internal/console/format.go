package console

import (
	"fmt"
	"strconv"
	"time"
)

// Duration prints d as people read it: 0.42s, 12.3s, 3m05s, 1h02m.
func Duration(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.2fs", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
}

// Count prints n with its thousands apart: 1,234,567.
func Count[N int | int64 | uint64](n N) string { return Thousands(strconv.FormatInt(int64(n), 10)) }

// Thousands sets commas into the whole part of a decimal number's text.
func Thousands(digits string) string {
	start, end := 0, len(digits)
	if end > 0 && (digits[0] == '-' || digits[0] == '+') {
		start = 1
	}
	for i := start; i < len(digits); i++ {
		if digits[i] == '.' {
			end = i
			break
		}
	}
	out := digits[:start]
	for i := start; i < end; i++ {
		if i > start && (end-i)%3 == 0 {
			out += ","
		}
		out += digits[i : i+1]
	}
	return out + digits[end:]
}

// Bytes prints n in binary units: 178.0 MiB.
func Bytes[N int64 | uint64](n N) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	value, unit := float64(n), 0
	for value >= 1024 && unit < len(units)-1 {
		value, unit = value/1024, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}

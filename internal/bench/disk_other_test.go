//go:build !linux

package bench

import "errors"

// diskFaults need a limit that is set from outside.
var diskFaults []string

func fillDisk(int) (func() error, error) { return nil, errors.ErrUnsupported }

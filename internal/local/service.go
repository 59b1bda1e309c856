package local

import (
	"context"
	"time"
)

// service is one thing that the supervisor runs. Run starts it, calls ready, and
// blocks until ctx is done and the service has ended, or until it failed. Run is
// called again after a failure.
type service interface {
	Name() string
	Run(ctx context.Context, ready func()) error
	Status(ctx context.Context) (ServiceStatus, error)
}

// ServiceStatus is how one service is doing. Memory is resident, in bytes.
type ServiceStatus struct {
	Name        string    `json:"name"`
	Running     bool      `json:"running"`
	PID         int       `json:"pid,omitempty"`
	Address     string    `json:"address,omitempty"`
	HTTPAddress string    `json:"http_address,omitempty"`
	Version     string    `json:"version,omitempty"`
	Started     time.Time `json:"started"`
	Restarts    int       `json:"restarts"`
	Memory      uint64    `json:"memory_bytes"`
	Queries     int       `json:"queries"`
	Mutations   int       `json:"mutations"`
}

// Status is how the local services are doing.
type Status struct {
	Running  bool            `json:"running"`
	StateDir string          `json:"state_dir"`
	PID      int             `json:"pid,omitempty"`
	Version  string          `json:"version,omitempty"`
	Started  time.Time       `json:"started"`
	Pinned   bool            `json:"pinned"`
	Idle     time.Duration   `json:"idle_ns"`
	Leases   []LeaseStatus   `json:"leases"`
	Services []ServiceStatus `json:"services"`
	Disk     uint64          `json:"disk_bytes"`
}

// LeaseStatus is one command that holds the services.
type LeaseStatus struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// busy reports whether a service still works on something.
func (s Status) busy() bool {
	for _, svc := range s.Services {
		if svc.Queries+svc.Mutations > 0 {
			return true
		}
	}
	return false
}

package anomaly

import (
	"context"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// scored is a series with what each of its days should be and how far it is
// from it, in its own spread.
type scored struct {
	series       *Series
	expectations []expectation
	deviations   []float64 // NaN where nothing can be said
	spreads      []float64
}

// leastSpread is how many deviations a series' own spread is taken from.
const leastSpread = 14

// score works through a series from its beginning.
func score(s *Series, o *Options) *scored {
	n := len(s.Values)
	out := &scored{s, make([]expectation, n), make([]float64, n), make([]float64, n)}
	f := newForecaster(s, o)
	raw := make([]float64, n)
	sizes := make([]float64, 0, Calibration)
	for day := range n {
		out.deviations[day], raw[day] = math.NaN(), math.NaN()
		e, ok := f.expect(day)
		if !ok || !s.known(day) || e.volume(s.Kind) < o.MinVolume/2 {
			continue
		}
		out.expectations[day] = e
		raw[day] = e.deviation(s.Kind, s.Values[day])
		sizes = sizes[:0]
		for d := max(0, day-Calibration); d < day; d++ {
			if !math.IsNaN(raw[d]) && !o.holiday(d) {
				sizes = append(sizes, math.Abs(raw[d]))
			}
		}
		if len(sizes) < leastSpread {
			continue
		}
		// Nothing varies less than events do by chance.
		const ofNormal = 1.4826
		out.spreads[day] = max(1, ofNormal*median(sizes))
		out.deviations[day] = raw[day] / out.spreads[day]
	}
	return out
}

// scoreAll works through the series, on all processors.
func scoreAll(ctx context.Context, list []*Series, o *Options) ([]*scored, error) {
	all := make([]*scored, len(list))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range list {
		group.Go(func() error {
			all[i] = score(s, o)
			return ctx.Err()
		})
	}
	return all, group.Wait()
}

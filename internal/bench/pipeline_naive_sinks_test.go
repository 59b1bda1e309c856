package bench

import "time"

// naiveSinks begins to write rows as they come, and once a second what has been gathered.
func naiveSinks(s *naiveSettings, rows <-chan *naiveColumns, empty chan<- *naiveColumns, gather *naiveGather, failed chan<- error) error {
	clickhouse, err := openNaiveWarehouse(s)
	if err != nil {
		return err
	}
	redis, err := naiveRedis(s)
	if err != nil {
		return err
	}
	postgres, err := naivePostgres(s)
	if err != nil {
		return err
	}
	go naiveEach(rows, failed, func(r *naiveColumns) error {
		err := clickhouse.events(r)
		r.all.Reset()
		empty <- r
		return err
	})
	var sinks []chan<- *naiveFigures
	for _, write := range []func(*naiveFigures) error{clickhouse.figures, redis, postgres} {
		figures := make(chan *naiveFigures, 1)
		sinks = append(sinks, figures)
		go naiveEach(figures, failed, write)
	}
	go naiveEach(time.Tick(naivePause), failed, func(now time.Time) error {
		f := gather.take(now)
		for _, sink := range sinks {
			sink <- f
		}
		return nil
	})
	return nil
}

func naiveEach[T any](all <-chan T, failed chan<- error, write func(T) error) {
	for one := range all {
		if err := write(one); err != nil {
			failed <- err
		}
	}
}

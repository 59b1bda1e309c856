package bench

import (
	"fmt"
	"testing"
	"time"
)

const threads = 4

// rounds of measuring tiendi and its peer in turns. Where both take long each
// round is tiendi, peer, peer, tiendi, which cancels a drift of the machine.
const rounds = 7

// BenchmarkRun holds runs against their own statement logs.
func BenchmarkRun(b *testing.B) {
	b.Run("200 small models", func(b *testing.B) { benchmarkRun(b, smallModel, 200) })
	b.Run("12 heavy models", func(b *testing.B) { benchmarkRun(b, heavyModel, 12) })
}

func benchmarkRun(b *testing.B, model func(int) string, models int) {
	p := newProgram(b)
	at := p.engine(b)
	at.Database = "bench"
	p.write(b, "dbt_project.yml", "name: bench\nversion: 1.0.0\nconfig-version: 2\nprofile: bench\n")
	p.write(b, "profiles.yaml", fmt.Sprintf("bench: {target: dev, outputs: {dev: {threads: %d, warehouse: {type: embedded, database: %s}}}}\n", threads, at.Database))
	for i := range models {
		p.write(b, fmt.Sprintf("models/m%03d.sql", i), model(i))
	}
	p.run(b, "parse")
	p.run(b, "run") // makes tables and cache as every later run finds them
	for b.Loop() {
		var walls, peers []time.Duration
		var ratios []float64
		for range rounds {
			first := p.run(b, "run", "--statement-log").wall
			log := readReplay(b, p)
			peer := log.send(b, at, threads) + log.send(b, at, threads)
			wall := first + p.run(b, "run", "--statement-log").wall
			walls, peers = append(walls, wall/2), append(peers, peer/2)
			ratios = append(ratios, wall.Seconds()/peer.Seconds())
		}
		scores.atMost(b, median(ratios), 1.05, "of-replay",
			fmt.Sprintf(" (%.2f s / %.2f s)", median(walls).Seconds(), median(peers).Seconds()))
	}
}

// smallModel gives a model of a chain of layers of 20, each standing on two of
// the layer above; a quarter are views.
func smallModel(i int) string {
	kind := "table"
	if i%4 == 3 {
		kind = "view"
	}
	head := "{{ config(materialized='" + kind + "') }}\n"
	if i < 20 {
		return head + fmt.Sprintf("select number as id, number * %d as v from numbers(1000)\n", i+1)
	}
	above := i/20*20 - 20
	return head + fmt.Sprintf("select a.id as id, a.v + b.v as v\nfrom {{ ref('m%03d') }} as a join {{ ref('m%03d') }} as b on a.id = b.id\n",
		above+i*7%20, above+(i*7+13)%20)
}

// heavyModel gives a model that groups some millions of rows.
func heavyModel(i int) string {
	from := "numbers(4000000)"
	if i >= 4 {
		from = fmt.Sprintf("{{ ref('m%03d') }} as above cross join (select number from numbers(4)) as n", i-4)
	}
	return "{{ config(materialized='table', order_by='number') }}\n" +
		"select number % 1000000 as number, count() as n, uniq(number) as u, max(toString(number)) as m\n" +
		"from (select " + fmt.Sprint(i) + " + number as number from " + from + ")\ngroup by number\n"
}

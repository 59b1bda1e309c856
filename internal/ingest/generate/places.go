package generate

import "fmt"

// country is a market. Its addresses come from the ranges that RFC 5737 and
// RFC 3849 keep for documentation, a part of them for each country, so that a
// geography file can be made that maps them back.
type country struct {
	code    string // ISO 3166-1 alpha-2
	numeric int    // ISO 3166-1, read as hexadecimal in the IPv6 range
	offset  int    // hours from UTC, without summer time
	share   uint64 // of visitors, in a thousand
	prefix  string // first three octets of the IPv4 range
	host    int    // first host of the half /24
}

var countries = []country{
	{"MX", 484, -6, 330, "192.0.2.", 0},
	{"CO", 170, -5, 220, "192.0.2.", 128},
	{"AR", 32, -3, 150, "198.51.100.", 0},
	{"CL", 152, -4, 110, "198.51.100.", 128},
	{"PE", 604, -5, 100, "203.0.113.", 0},
	{"ES", 724, 1, 90, "203.0.113.", 128},
}

type city struct {
	name, state string
	country     int // index into countries
}

// cities are in order of size within their country.
var cities = []city{
	{"Ciudad de México", "CDMX", 0}, {"Guadalajara", "JAL", 0}, {"Monterrey", "NLE", 0},
	{"Puebla", "PUE", 0}, {"Mérida", "YUC", 0},
	{"Bogotá", "DC", 1}, {"Medellín", "ANT", 1}, {"Cali", "VAC", 1}, {"Barranquilla", "ATL", 1},
	{"Buenos Aires", "CABA", 2}, {"Córdoba", "CBA", 2}, {"Rosario", "SFE", 2}, {"Mendoza", "MZA", 2},
	{"Santiago", "RM", 3}, {"Valparaíso", "VS", 3}, {"Concepción", "BI", 3},
	{"Lima", "LIM", 4}, {"Arequipa", "ARE", 4}, {"Trujillo", "LAL", 4},
	{"Madrid", "MD", 5}, {"Barcelona", "CT", 5}, {"Valencia", "VC", 5}, {"Sevilla", "AN", 5},
}

// cityWeights follow the country's share, halved for each smaller city.
var cityWeights = weigh(len(cities), func(i int) uint64 {
	rank := 0
	for j := i; j > 0 && cities[j-1].country == cities[i].country; j-- {
		rank++
	}
	return countries[cities[i].country].share * 1000 / uint64(rank+1)
})

// localHours weighs the hours of a visitor's own day: a rise at noon, the
// peak after dinner, little at night.
var localHours = [24]uint64{
	22, 12, 7, 5, 4, 6, 12, 22, 34, 44, 52, 58,
	62, 60, 54, 50, 50, 54, 62, 72, 82, 86, 72, 44,
}

const busiestHour = 86

// awake says whether somebody in this country visits at this hour of UTC: a
// draw that is accepted in proportion to the local hour's weight.
func awake(r *stream, country, hourUTC int) bool {
	local := (hourUTC + countries[country].offset + 24) % 24
	return r.below(busiestHour) < int(localHours[local])
}

// hourShares gives each hour of UTC its part of a day's sessions, in a million.
func hourShares() [24]int64 {
	var sums [24]uint64
	total := uint64(0)
	for hour := range sums {
		for _, c := range countries {
			sums[hour] += c.share * localHours[(hour+c.offset+24)%24]
		}
		total += sums[hour]
	}
	var shares [24]int64
	for hour := range shares {
		shares[hour] = int64(sums[hour] * 1_000_000 / total)
	}
	return shares
}

// address draws an address of the country: one in seven is IPv6.
func (c *country) address(r *stream) string {
	if r.chance(140) {
		return fmt.Sprintf("2001:db8:%d:%x::%x", c.numeric, r.below(1<<16), r.between(1, 1<<16-1))
	}
	return fmt.Sprintf("%s%d", c.prefix, c.host+r.below(128))
}

// Network maps a range of addresses to the country whose visitors have them.
type Network struct {
	Network string `json:"network"` // CIDR
	Country string `json:"country"` // ISO 3166-1 alpha-2
}

func networks() []Network {
	var list []Network
	for _, c := range countries {
		list = append(list,
			Network{fmt.Sprintf("%s%d/25", c.prefix, c.host), c.code},
			Network{fmt.Sprintf("2001:db8:%d::/48", c.numeric), c.code})
	}
	return list
}

package enrich

import (
	"fmt"
	"net/netip"
	"os"

	"github.com/oschwald/maxminddb-golang/v2"
)

// countries is a MaxMind file in memory. It is not mapped: a file that is written
// over in place would end the process.
type countries struct{ reader *maxminddb.Reader }

// codePath is where the country's code stands in a record.
var codePath = []any{"country", "iso_code"}

// enoughNetworks are looked at before a file counts as one without countries.
const enoughNetworks = 10_000

func openCountries(path string) (*countries, error) {
	const advice = "\n  name a MaxMind file such as GeoLite2-Country.mmdb in the profile's enrich.countries, or leave it out"
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("country file: %w%s", err, advice)
	}
	reader, err := maxminddb.OpenBytes(data)
	if err != nil {
		return nil, fmt.Errorf("country file %s is no whole MaxMind file: %w%s", path, err, advice)
	}
	c := &countries{reader: reader}
	if !c.any() {
		return nil, fmt.Errorf("country file %s (%s) holds no countries%s", path, reader.Metadata.DatabaseType, advice)
	}
	return c, nil
}

// any says whether one of the first networks has a country.
func (c *countries) any() bool {
	seen := 0
	for result := range c.reader.Networks() {
		if code(result) != "" {
			return true
		}
		if seen++; seen == enoughNetworks {
			break
		}
	}
	return false
}

// of is the country of an address, "" where there is no file, or where it says
// nothing.
func (c *countries) of(ip string) string {
	if c == nil || ip == "" {
		return ""
	}
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	return code(c.reader.Lookup(addr.Unmap().WithZone("")))
}

// code is "" as well where the file is damaged: the event counts for more than
// its country.
func code(result maxminddb.Result) (text string) {
	if err := result.DecodePath(&text, codePath...); err != nil {
		return ""
	}
	return text
}

func (c *countries) close() error {
	if c == nil {
		return nil
	}
	return c.reader.Close()
}

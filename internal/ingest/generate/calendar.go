package generate

import "time"

const (
	second  = int64(1000)
	minute  = 60 * second
	hour    = 60 * minute
	dayLong = 24 * hour
)

// weekdays weighs the days of a week from Sunday on, in a thousand.
var weekdays = [7]int64{1080, 1050, 1000, 1000, 1020, 970, 930}

// dayWeight is how busy a day is, in a thousand of a plain one: growth since
// the first day, weekday, season, pay days, and chance.
func dayWeight(seed uint64, date time.Time, sinceFirst int) int64 {
	r := newStream(seed, kindDay, uint64(date.Unix()))
	weight := int64(1000 + 3*sinceFirst)
	weight = weight * weekdays[date.Weekday()] / 1000
	weight = weight * season(date) / 1000
	if date.Day() == 15 || date.AddDate(0, 0, 1).Day() == 1 {
		weight = weight * 1080 / 1000
	}
	return weight * int64(r.between(920, 1080)) / 1000
}

// season is the factor of the shopping calendar, in a thousand.
func season(date time.Time) int64 {
	month, day := date.Month(), date.Day()
	switch {
	case month == time.November && nearBlackFriday(date):
		return 1650
	case month == time.December && day >= 8 && day <= 23:
		return 1350
	case month == time.January && day >= 2 && day <= 5:
		return 1150
	case month == time.January:
		return 900
	case month == time.February && day >= 8 && day <= 13:
		return 1120
	case month == time.May && day >= 4 && day <= 10:
		return 1200 // before Mother's Day
	case month == time.May && day >= 25:
		return 1300 // Hot Sale
	}
	return 1000
}

// nearBlackFriday says whether date lies from the day before the Friday after
// the fourth Thursday of November to the Monday after it.
func nearBlackFriday(date time.Time) bool {
	first := time.Date(date.Year(), time.November, 1, 0, 0, 0, 0, time.UTC)
	friday := 1 + (int(time.Thursday)-int(first.Weekday())+7)%7 + 21 + 1
	return date.Day() >= friday-1 && date.Day() <= friday+3
}

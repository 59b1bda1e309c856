package main

import "github.com/tiendi/tiendi/internal/report"

// reportKind is a report with its help.
type reportKind struct {
	kind                 report.Kind
	short, long, example string
	date                 string // what --date means
}

var reportKinds = []reportKind{
	{
		report.Daily, "Print the figures of one day",
		"Prints the KPIs of the last complete day that has data, with their change against\n" +
			"the day before and the same weekday, the best sellers and the conversion funnel.",
		"  tiendi report daily\n" +
			"  tiendi report daily --date 2026-11-20\n" +
			"  tiendi report daily --store 'Panadería La Espiga' --language es\n" +
			"  tiendi report daily --output html > daily.html\n" +
			"  tiendi report daily --send --dry-run",
		"day to report, YYYY-MM-DD (default: the last complete day that has data)",
	},
	{
		report.Weekly, "Print the figures of one week",
		"Prints the KPIs of the last complete week, Monday to Sunday, with their change against\n" +
			"the week before and the same week of the year before, the best sellers, what changed\n" +
			"most and the conversion funnel.",
		"  tiendi report weekly\n" +
			"  tiendi report weekly --date 2026-11-20 --store 'Panadería La Espiga'\n" +
			"  tiendi report weekly --output html > weekly.html",
		"a day of the week to report, YYYY-MM-DD (default: the last complete week)",
	},
	{
		report.Cohorts, "Print how many customers came back",
		"Prints, for the customers of each month's first delivered orders, which share of them\n" +
			"had a delivered order in the months after: of twelve months, complete ones only.",
		"  tiendi report cohorts\n" +
			"  tiendi report cohorts --store 'Panadería La Espiga' --output csv",
		"a day of the last month to report, YYYY-MM-DD (default: the last day that has data)",
	},
	{
		report.Funnel, "Print how far visits get",
		"Prints how many sessions of the last 28 days reach each step up to a purchase, where they\n" +
			"are lost, and the same by traffic source and by device.",
		"  tiendi report funnel\n" +
			"  tiendi report funnel --date 2026-11-20 --store 'Panadería La Espiga'",
		"last of the 28 days, YYYY-MM-DD (default: the last complete day that has data)",
	},
	{
		report.Anomalies, "Print what was not as expected on one day",
		"Compares a day's orders, sales, visits and rates, of the platform and of each store, with\n" +
			"what the twelve weeks before let expect, and prints those that are further off than chance\n" +
			"explains: how far, what is usual, and since when. A deviation that goes on is not reported\n" +
			"again for a week.",
		"  tiendi report anomalies --language es\n" +
			"  tiendi report anomalies --date 2026-11-20 --output json\n" +
			"  tiendi report anomalies --store 'Panadería La Espiga'\n" +
			"  tiendi report anomalies --send --dry-run",
		"day to report, YYYY-MM-DD (default: the last complete day that has data)",
	},
}

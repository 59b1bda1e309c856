// Package anomaly finds days that are not as their past lets expect, in daily
// series of counts, amounts and rates. It reads nothing and knows no clock.
//
// What a day should be comes from its past alone: the level of the last weeks
// and the habit of the weekday, both medians on a logarithmic scale. How far the
// day is from it is measured in the series' own spread, and how rare that is in
// the past of all series of the metric together (conformal prediction: Vovk,
// Gammerman and Shafer, 2005). Of the many tests of a day, those are kept that
// hold at a false discovery rate (Benjamini and Hochberg, 1995), matter in size,
// and were not reported in the days before.
package anomaly

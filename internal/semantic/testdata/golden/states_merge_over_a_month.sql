SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`latency_p90` AS `latency_p90`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, if(count() = 0, NULL, quantilesExactWeightedMerge(0.5, 0.9)(base.`m_latency_p90`)[2]) AS `latency_p90`
FROM (SELECT toDate(`hour`, 'UTC') AS `t_day`, durations AS `m_latency_p90` FROM `shop`.`latencies`) AS base
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1

SELECT parts.`metric_time__hour` AS `metric_time__hour`, parts.`request__route` AS `request__route`, parts.`latency_p90` AS `latency_p90`, parts.`requests` AS `requests`
FROM (
SELECT toStartOfHour(toDateTime64(base.`t_moment`, 3), 'UTC') AS `metric_time__hour`, base.`d_route` AS `request__route`, if(count() = 0, NULL, quantilesExactWeightedMerge(0.5, 0.9)(base.`m_latency_p90`)[2]) AS `latency_p90`, sumOrNull(base.`m_requests`) AS `requests`
FROM (SELECT `hour` AS `t_moment`, `route` AS `d_route`, durations AS `m_latency_p90`, `requests` AS `m_requests` FROM `shop`.`latencies`) AS base
GROUP BY `metric_time__hour`, `request__route`
) AS parts
ORDER BY `metric_time__hour`, `request__route`
SETTINGS join_use_nulls = 1

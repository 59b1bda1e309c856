SELECT parts.`order__placed_at__hour` AS `order__placed_at__hour`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toStartOfHour(toDateTime64(base.`d_placed_at`, 3), 'UTC') AS `order__placed_at__hour`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT at AS `d_placed_at`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `order__placed_at__hour`
) AS parts
ORDER BY `order__placed_at__hour`
SETTINGS join_use_nulls = 1

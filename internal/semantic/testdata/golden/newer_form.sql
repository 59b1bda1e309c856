SELECT parts.`visit__device` AS `visit__device`, coalesce(parts.`visits`, 0) AS `visits`, parts.`visitors` AS `visitors`, parts.`ad_visits` AS `ad_visits`, parts.`p95_hour` AS `p95_hour`, (coalesce(parts.`visits`, 0)) / nullIf((parts.`visitors`), 0) AS `visits_per_visitor`, toFloat64(parts.`ad_visits`) / nullIf(toFloat64(coalesce(parts.`visits`, 0)), 0) AS `ad_share`, parts.`phone_visits` AS `phone_visits`
FROM (
SELECT `visit__device`, any(`visits`) AS `visits`, any(`visitors`) AS `visitors`, any(`ad_visits`) AS `ad_visits`, any(`p95_hour`) AS `p95_hour`, any(`phone_visits`) AS `phone_visits`
FROM (
SELECT `visit__device`, `visits`, `visitors`, `ad_visits`, `p95_hour`, NULL AS `phone_visits` FROM (
SELECT base.`d_device` AS `visit__device`, count(base.`m_visits`) AS `visits`, uniqExact(base.`m_visitors`) AS `visitors`, sumOrNull(if(base.`m_ad_visits`, 1, 0)) AS `ad_visits`, quantileExactWeightedOrNull(0.95)(base.`m_p95_hour`, 1) AS `p95_hour`
FROM (SELECT `device` AS `d_device`, id AS `m_visits`, customer AS `m_visitors`, source = 'ads' AS `m_ad_visits`, toHour(at) AS `m_p95_hour` FROM `shop`.`visits`) AS base
GROUP BY `visit__device`
)
UNION ALL
SELECT `visit__device`, NULL, NULL, NULL, NULL, `phone_visits` FROM (
SELECT base.`d_device` AS `visit__device`, count(base.`m_phone_visits`) AS `phone_visits`
FROM (SELECT `device` AS `d_device`, id AS `m_phone_visits` FROM `shop`.`visits`) AS base
WHERE (base.`d_device` = 'phone')
GROUP BY `visit__device`
)
)
GROUP BY `visit__device`
) AS parts
ORDER BY `visit__device`
SETTINGS join_use_nulls = 1

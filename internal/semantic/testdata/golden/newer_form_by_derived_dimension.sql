SELECT parts.`visit__is_ad` AS `visit__is_ad`, parts.`visit__visited_at__week` AS `visit__visited_at__week`, coalesce(parts.`visits`, 0) AS `visits`
FROM (
SELECT base.`d_is_ad` AS `visit__is_ad`, toStartOfWeek(toDate(base.`d_visited_at`, 'UTC'), 1) AS `visit__visited_at__week`, count(base.`m_visits`) AS `visits`
FROM (SELECT source = 'ads' AS `d_is_ad`, `at` AS `d_visited_at`, id AS `m_visits` FROM `shop`.`visits`) AS base
GROUP BY `visit__is_ad`, `visit__visited_at__week`
) AS parts
ORDER BY `visit__is_ad`, `visit__visited_at__week`
SETTINGS join_use_nulls = 1

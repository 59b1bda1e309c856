SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`visits_to_date` AS `visits_to_date`, coalesce(parts.`visits_7d`, 0) AS `visits_7d`
FROM (
SELECT `metric_time__month`, any(`visits_to_date`) AS `visits_to_date`, any(`visits_7d`) AS `visits_7d`
FROM (
SELECT `metric_time__month`, `visits_to_date`, NULL AS `visits_7d` FROM (
SELECT toStartOfMonth(label) AS `metric_time__month`, any(`visits_to_date`) AS `visits_to_date`
FROM (SELECT slot.1 AS label, slot.2 AS at, countMerge(`visits_to_date`) AS `visits_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= `day` AND toStartOfYear(x.2) = toStartOfYear(`day`), (SELECT groupArray((label, last)) FROM (SELECT toStartOfMonth(`day`) AS label, max(`day`) AS last FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01') AND `day` < toDate('2026-04-01') GROUP BY label)))) AS slot FROM (SELECT base.`t_day` AS `day`, countState(base.`m_phone_visits`) AS `visits_to_date`
FROM (SELECT toDate(`at`, 'UTC') AS `t_day`, id AS `m_phone_visits`, `device` AS `d_device` FROM `shop`.`visits` WHERE toDate(`at`, 'UTC') >= toDate('2026-01-01') AND toDate(`at`, 'UTC') < toDate('2026-04-01')) AS base
WHERE (base.`d_device` = 'phone')
GROUP BY `day`))
GROUP BY label, at)
GROUP BY `metric_time__month`
)
UNION ALL
SELECT `metric_time__month`, NULL, `visits_7d` FROM (
SELECT toStartOfMonth(label) AS `metric_time__month`, any(`visits_7d`) AS `visits_7d`
FROM (SELECT slot.1 AS label, slot.2 AS at, countMerge(`visits_7d`) AS `visits_7d`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= `day` AND `day` > addDays(x.2, -7), (SELECT groupArray((label, last)) FROM (SELECT toStartOfMonth(`day`) AS label, max(`day`) AS last FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01') AND `day` < toDate('2026-04-01') GROUP BY label)))) AS slot FROM (SELECT base.`t_day` AS `day`, countState(base.`m_visits`) AS `visits_7d`
FROM (SELECT toDate(`at`, 'UTC') AS `t_day`, id AS `m_visits` FROM `shop`.`visits` WHERE toDate(`at`, 'UTC') >= toDate('2026-01-25') AND toDate(`at`, 'UTC') < toDate('2026-04-01')) AS base
GROUP BY `day`))
GROUP BY label, at)
GROUP BY `metric_time__month`
)
)
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1

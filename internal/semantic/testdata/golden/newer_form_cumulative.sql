SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`visits_to_date` AS `visits_to_date`, coalesce(parts.`visits_7d`, 0) AS `visits_7d`
FROM (
SELECT `metric_time__month`, any(`visits_to_date`) AS `visits_to_date`, any(`visits_7d`) AS `visits_7d`
FROM (
SELECT `metric_time__month`, `visits_to_date`, NULL AS `visits_7d` FROM (
SELECT toStartOfMonth(_label) AS `metric_time__month`, any(`visits_to_date`) AS `visits_to_date`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, countMerge(`visits_to_date`) AS `visits_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND toStartOfYear(x.2) = toStartOfYear(_day), (SELECT groupArray((_label, _last)) FROM (SELECT toStartOfMonth(`day`) AS _label, max(`day`) AS _last FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01') AND `day` < toDate('2026-04-01') GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, countState(base.`m_phone_visits`) AS `visits_to_date`
FROM (SELECT toDate(`at`, 'UTC') AS `t_day`, id AS `m_phone_visits`, `device` AS `d_device` FROM `shop`.`visits` WHERE toDate(`at`, 'UTC') >= toDate('2026-01-01') AND toDate(`at`, 'UTC') < toDate('2026-04-01')) AS base
WHERE (base.`d_device` = 'phone')
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__month`
)
UNION ALL
SELECT `metric_time__month`, NULL, `visits_7d` FROM (
SELECT toStartOfMonth(_label) AS `metric_time__month`, any(`visits_7d`) AS `visits_7d`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, countMerge(`visits_7d`) AS `visits_7d`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND _day > addDays(x.2, -7), (SELECT groupArray((_label, _last)) FROM (SELECT toStartOfMonth(`day`) AS _label, max(`day`) AS _last FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01') AND `day` < toDate('2026-04-01') GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, countState(base.`m_visits`) AS `visits_7d`
FROM (SELECT toDate(`at`, 'UTC') AS `t_day`, id AS `m_visits` FROM `shop`.`visits` WHERE toDate(`at`, 'UTC') >= toDate('2026-01-25') AND toDate(`at`, 'UTC') < toDate('2026-04-01')) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__month`
)
)
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1

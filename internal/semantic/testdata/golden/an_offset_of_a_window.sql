SELECT parts.`metric_time__day` AS `metric_time__day`, (coalesce(parts.`revenue_7d`, 0)) - (coalesce(parts.`revenue_7d_2`, 0)) AS `growth_of_7d`
FROM (
SELECT `metric_time__day`, any(`revenue_7d`) AS `revenue_7d`, any(`revenue_7d_2`) AS `revenue_7d_2`
FROM (
SELECT `metric_time__day`, `revenue_7d`, NULL AS `revenue_7d_2` FROM (
SELECT _label AS `metric_time__day`, any(`revenue_7d`) AS `revenue_7d`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, sumOrNullMerge(`revenue_7d`) AS `revenue_7d`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND _day > addDays(x.2, -7), (SELECT groupArray((_label, _last)) FROM (SELECT `day` AS _label, min(`day`) AS _last FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01') AND `day` < toDate('2026-03-01') GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_7d`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-01-25') AND toDate(`day`, 'UTC') < toDate('2026-03-01')) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__day`
)
UNION ALL
SELECT `metric_time__day`, NULL, `revenue_7d_2` FROM (
SELECT _label AS `metric_time__day`, any(`revenue_7d_2`) AS `revenue_7d_2`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, sumOrNullMerge(`revenue_7d_2`) AS `revenue_7d_2`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND _day > addDays(x.2, -7), (SELECT groupArray((_label, _last)) FROM (SELECT `day` AS _label, min(`day`) AS _last FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01') AND `day` < toDate('2026-03-01') GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_7d_2`
FROM (SELECT addDays(toDate(`day`, 'UTC'), 7) AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE addDays(toDate(`day`, 'UTC'), 7) >= toDate('2026-01-25') AND addDays(toDate(`day`, 'UTC'), 7) < toDate('2026-03-01')) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__day`
)
)
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1

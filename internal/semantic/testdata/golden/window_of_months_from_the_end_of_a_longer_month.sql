SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`revenue_2m` AS `revenue_2m`
FROM (
SELECT _label AS `metric_time__day`, any(`revenue_2m`) AS `revenue_2m`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, sumOrNullMerge(`revenue_2m`) AS `revenue_2m`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND _day > addMonths(x.2, -2), (SELECT groupArray((_label, _last)) FROM (SELECT `day` AS _label, max(`day`) AS _last FROM `shop`.`days` WHERE `day` >= toDate('2026-04-30') AND `day` < toDate('2026-05-01') GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_2m`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-27') AND toDate(`day`, 'UTC') < toDate('2026-05-01')) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1

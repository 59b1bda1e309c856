SELECT parts.`metric_time__day` AS `metric_time__day`, coalesce(parts.`revenue_7d`, 0) AS `revenue_7d`
FROM (
SELECT _label AS `metric_time__day`, any(`revenue_7d`) AS `revenue_7d`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, sumOrNullMerge(`revenue_7d`) AS `revenue_7d`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND _day > addDays(x.2, -7), (SELECT groupArray((_label, _last)) FROM (SELECT `day` AS _label, min(`day`) AS _last FROM `shop`.`days` GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_7d`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1

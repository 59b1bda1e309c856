SELECT parts.`metric_time__week` AS `metric_time__week`, parts.`average_buyers_7d` AS `average_buyers_7d`
FROM (
SELECT toStartOfWeek(_label, 1) AS `metric_time__week`, avg(`average_buyers_7d`) AS `average_buyers_7d`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, uniqExactMerge(`average_buyers_7d`) AS `average_buyers_7d`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND _day > addDays(x.2, -7), (SELECT groupArray((toStartOfWeek(`day`, 1), `day`)) FROM `shop`.`days`))) AS _slot FROM (SELECT base.`t_day` AS _day, uniqExactState(base.`m_buyers`) AS `average_buyers_7d`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__week`
) AS parts
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1

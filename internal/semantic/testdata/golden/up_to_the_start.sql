SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`buyers_before` AS `buyers_before`
FROM (
SELECT toStartOfMonth(_label) AS `metric_time__month`, any(`buyers_before`) AS `buyers_before`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, uniqExactMerge(`buyers_before`) AS `buyers_before`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day, (SELECT groupArray((_label, addDays(_label, -1))) FROM (SELECT DISTINCT toStartOfMonth(`day`) AS _label FROM `shop`.`days`)))) AS _slot FROM (SELECT base.`t_day` AS _day, uniqExactState(base.`m_buyers`) AS `buyers_before`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1

SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`buyers_before` AS `buyers_before`
FROM (
SELECT toStartOfMonth(label) AS `metric_time__month`, any(`buyers_before`) AS `buyers_before`
FROM (SELECT slot.1 AS label, slot.2 AS at, uniqExactMerge(`buyers_before`) AS `buyers_before`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= `day`, (SELECT groupArray((label, addDays(label, -1))) FROM (SELECT DISTINCT toStartOfMonth(`day`) AS label FROM `shop`.`days`)))) AS slot FROM (SELECT base.`t_day` AS `day`, uniqExactState(base.`m_buyers`) AS `buyers_before`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
GROUP BY `day`))
GROUP BY label, at)
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1

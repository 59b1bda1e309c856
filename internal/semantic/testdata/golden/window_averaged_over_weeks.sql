SELECT parts.`metric_time__week` AS `metric_time__week`, parts.`average_buyers_7d` AS `average_buyers_7d`
FROM (
SELECT toStartOfWeek(label, 1) AS `metric_time__week`, avg(`average_buyers_7d`) AS `average_buyers_7d`
FROM (SELECT slot.1 AS label, slot.2 AS at, uniqExactMerge(`average_buyers_7d`) AS `average_buyers_7d`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= `day` AND `day` > addDays(x.2, -7), (SELECT groupArray((toStartOfWeek(`day`, 1), `day`)) FROM `shop`.`days`))) AS slot FROM (SELECT base.`t_day` AS `day`, uniqExactState(base.`m_buyers`) AS `average_buyers_7d`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
GROUP BY `day`))
GROUP BY label, at)
GROUP BY `metric_time__week`
) AS parts
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1

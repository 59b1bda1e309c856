SELECT parts.`buyers_before` AS `buyers_before`
FROM (
SELECT uniqExactMerge(`buyers_before`) AS `buyers_before`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day, [(toDate('2026-02-01'), addDays(toDate('2026-02-01'), -1))])) AS _slot FROM (SELECT base.`t_day` AS _day, uniqExactState(base.`m_buyers`) AS `buyers_before`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
GROUP BY _day))
) AS parts
SETTINGS join_use_nulls = 1

SELECT parts.`revenue_to_date` AS `revenue_to_date`, parts.`buyers_28d` AS `buyers_28d`, parts.`revenue_month_to_date` AS `revenue_month_to_date`
FROM (
SELECT any(`revenue_to_date`) AS `revenue_to_date`, any(`buyers_28d`) AS `buyers_28d`, any(`revenue_month_to_date`) AS `revenue_month_to_date`
FROM (
SELECT `revenue_to_date`, NULL AS `buyers_28d`, NULL AS `revenue_month_to_date` FROM (
SELECT sumOrNullMerge(`revenue_to_date`) AS `revenue_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day, (SELECT [(max(`day`), max(`day`))] FROM `shop`.`days` WHERE `day` < toDate('2026-03-11')))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_to_date`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') < toDate('2026-03-11')) AS base
GROUP BY _day))
)
UNION ALL
SELECT NULL, `buyers_28d`, NULL FROM (
SELECT uniqExactMerge(`buyers_28d`) AS `buyers_28d`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND _day > addDays(x.2, -28), (SELECT [(max(`day`), max(`day`))] FROM `shop`.`days` WHERE `day` < toDate('2026-03-11')))) AS _slot FROM (SELECT base.`t_day` AS _day, uniqExactState(base.`m_buyers`) AS `buyers_28d`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') < toDate('2026-03-11')) AS base
GROUP BY _day))
)
UNION ALL
SELECT NULL, NULL, `revenue_month_to_date` FROM (
SELECT sumOrNullMerge(`revenue_month_to_date`) AS `revenue_month_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND toStartOfMonth(x.2) = toStartOfMonth(_day), (SELECT [(max(`day`), max(`day`))] FROM `shop`.`days` WHERE `day` < toDate('2026-03-11')))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_month_to_date`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') < toDate('2026-03-11')) AS base
GROUP BY _day))
)
)
) AS parts
SETTINGS join_use_nulls = 1

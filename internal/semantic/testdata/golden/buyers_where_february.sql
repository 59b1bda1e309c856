SELECT parts.`order__is_large` AS `order__is_large`, parts.`buyers` AS `buyers`
FROM (
SELECT base.`d_is_large` AS `order__is_large`, uniqExact(base.`m_buyers`) AS `buyers`
FROM (SELECT amount >= 500 AS `d_is_large`, customer AS `m_buyers`, toDate(`day`, 'UTC') AS `t_day` FROM `shop`.`orders`) AS base
WHERE (toStartOfMonth(base.`t_day`) = '2026-02-01')
GROUP BY `order__is_large`
) AS parts
ORDER BY `order__is_large`
SETTINGS join_use_nulls = 1

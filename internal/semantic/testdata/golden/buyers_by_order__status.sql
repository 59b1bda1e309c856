SELECT parts.`order__status` AS `order__status`, parts.`buyers` AS `buyers`
FROM (
SELECT base.`d_status` AS `order__status`, uniqExact(base.`m_buyers`) AS `buyers`
FROM (SELECT `status` AS `d_status`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
GROUP BY `order__status`
) AS parts
ORDER BY `order__status`
SETTINGS join_use_nulls = 1

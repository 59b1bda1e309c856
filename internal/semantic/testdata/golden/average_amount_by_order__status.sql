SELECT parts.`order__status` AS `order__status`, parts.`average_amount` AS `average_amount`
FROM (
SELECT base.`d_status` AS `order__status`, avgOrNull(base.`m_average_amount`) AS `average_amount`
FROM (SELECT `status` AS `d_status`, amount AS `m_average_amount` FROM `shop`.`orders`) AS base
GROUP BY `order__status`
) AS parts
ORDER BY `order__status`
SETTINGS join_use_nulls = 1

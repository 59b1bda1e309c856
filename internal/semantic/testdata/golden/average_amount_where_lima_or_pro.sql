SELECT parts.`order__is_large` AS `order__is_large`, parts.`average_amount` AS `average_amount`
FROM (
SELECT base.`d_is_large` AS `order__is_large`, avgOrNull(base.`m_average_amount`) AS `average_amount`
FROM (SELECT amount >= 500 AS `d_is_large`, amount AS `m_average_amount`, `customer` AS `e_customer` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city`, `plan` AS `d_plan` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
WHERE (`customer`.`d_city` = 'Lima' OR `customer`.`d_plan` = 'pro')
GROUP BY `order__is_large`
) AS parts
ORDER BY `order__is_large`
SETTINGS join_use_nulls = 1

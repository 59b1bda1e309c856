SELECT parts.`customer__plan` AS `customer__plan`, parts.`buyers` AS `buyers`
FROM (
SELECT `customer`.`d_plan` AS `customer__plan`, uniqExact(base.`m_buyers`) AS `buyers`
FROM (SELECT `customer` AS `e_customer`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `plan` AS `d_plan` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
GROUP BY `customer__plan`
) AS parts
ORDER BY `customer__plan`
SETTINGS join_use_nulls = 1

SELECT parts.`customer__plan` AS `customer__plan`, parts.`raw_revenue` AS `raw_revenue`, coalesce(parts.`new_customers`, 0) AS `new_customers`
FROM (
SELECT `customer__plan`, any(`raw_revenue`) AS `raw_revenue`, any(`new_customers`) AS `new_customers`
FROM (
SELECT `customer__plan`, `raw_revenue`, NULL AS `new_customers` FROM (
SELECT `customer`.`d_plan` AS `customer__plan`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `customer` AS `e_customer`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `plan` AS `d_plan` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
GROUP BY `customer__plan`
)
UNION ALL
SELECT `customer__plan`, NULL, `new_customers` FROM (
SELECT base.`d_plan` AS `customer__plan`, count(base.`m_new_customers`) AS `new_customers`
FROM (SELECT `plan` AS `d_plan`, 1 AS `m_new_customers` FROM `shop`.`customers`) AS base
GROUP BY `customer__plan`
)
)
GROUP BY `customer__plan`
) AS parts
ORDER BY `customer__plan`
SETTINGS join_use_nulls = 1

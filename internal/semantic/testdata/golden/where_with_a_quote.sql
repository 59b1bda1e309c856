SELECT parts.`customer__city` AS `customer__city`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT `customer`.`d_city` AS `customer__city`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT `customer` AS `e_customer`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
WHERE (`customer`.`d_city` = 'O\'Higgins')
GROUP BY `customer__city`
) AS parts
ORDER BY `customer__city`
SETTINGS join_use_nulls = 1

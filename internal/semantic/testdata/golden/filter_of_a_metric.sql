SELECT parts.`shop` AS `shop`, coalesce(parts.`paid_revenue`, 0) AS `paid_revenue`, parts.`paid_large_revenue` AS `paid_large_revenue`
FROM (
SELECT `shop`, any(`paid_revenue`) AS `paid_revenue`, any(`paid_large_revenue`) AS `paid_large_revenue`
FROM (
SELECT `shop`, `paid_revenue`, NULL AS `paid_large_revenue` FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `paid_revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue`, `status` AS `d_status` FROM `shop`.`orders`) AS base
WHERE (base.`d_status` = 'paid')
GROUP BY `shop`
)
UNION ALL
SELECT `shop`, NULL, `paid_large_revenue` FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `paid_large_revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue`, `status` AS `d_status`, `customer` AS `e_customer`, amount >= 500 AS `d_is_large` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
WHERE (base.`d_status` = 'paid') AND (`customer`.`d_city` is not null) AND (base.`d_is_large` = 1)
GROUP BY `shop`
)
)
GROUP BY `shop`
) AS parts
ORDER BY `shop`
SETTINGS join_use_nulls = 1

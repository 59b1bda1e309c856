SELECT parts.`shop` AS `shop`, toFloat64(parts.`raw_revenue`) / nullIf(toFloat64(parts.`raw_revenue_2`), 0) AS `lima_share`
FROM (
SELECT `shop`, any(`raw_revenue`) AS `raw_revenue`, any(`raw_revenue_2`) AS `raw_revenue_2`
FROM (
SELECT `shop`, `raw_revenue`, NULL AS `raw_revenue_2` FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue`, `customer` AS `e_customer` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
WHERE (`customer`.`d_city` = 'Lima')
GROUP BY `shop`
)
UNION ALL
SELECT `shop`, NULL, `raw_revenue_2` FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `raw_revenue_2`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `shop`
)
)
GROUP BY `shop`
) AS parts
ORDER BY `shop`
SETTINGS join_use_nulls = 1

SELECT parts.`shop__region` AS `shop__region`, parts.`large_orders` AS `large_orders`
FROM (
SELECT `shop`.`d_region` AS `shop__region`, sumOrNull(if(base.`m_large_orders`, 1, 0)) AS `large_orders`
FROM (SELECT `shop` AS `e_shop`, amount >= 500 AS `m_large_orders` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT code AS `k_shop`, `region` AS `d_region` FROM `shop`.`shops`) AS `shop` ON base.`e_shop` = `shop`.`k_shop`
GROUP BY `shop__region`
) AS parts
ORDER BY `shop__region`
SETTINGS join_use_nulls = 1

SELECT parts.`shop__region` AS `shop__region`, parts.`average_amount` AS `average_amount`
FROM (
SELECT `shop`.`d_region` AS `shop__region`, avgOrNull(base.`m_average_amount`) AS `average_amount`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_average_amount` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT code AS `k_shop`, `region` AS `d_region` FROM `shop`.`shops`) AS `shop` ON base.`e_shop` = `shop`.`k_shop`
GROUP BY `shop__region`
) AS parts
ORDER BY `shop__region`
SETTINGS join_use_nulls = 1

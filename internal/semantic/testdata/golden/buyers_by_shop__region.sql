SELECT parts.`shop__region` AS `shop__region`, parts.`buyers` AS `buyers`
FROM (
SELECT `shop`.`d_region` AS `shop__region`, uniqExact(base.`m_buyers`) AS `buyers`
FROM (SELECT `shop` AS `e_shop`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT code AS `k_shop`, `region` AS `d_region` FROM `shop`.`shops`) AS `shop` ON base.`e_shop` = `shop`.`k_shop`
GROUP BY `shop__region`
) AS parts
ORDER BY `shop__region`
SETTINGS join_use_nulls = 1

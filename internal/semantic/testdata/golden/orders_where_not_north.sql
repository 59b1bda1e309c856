SELECT parts.`order__is_large` AS `order__is_large`, parts.`orders` AS `orders`
FROM (
SELECT base.`d_is_large` AS `order__is_large`, count(base.`m_orders`) AS `orders`
FROM (SELECT amount >= 500 AS `d_is_large`, id AS `m_orders`, `shop` AS `e_shop` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT code AS `k_shop`, `region` AS `d_region` FROM `shop`.`shops`) AS `shop` ON base.`e_shop` = `shop`.`k_shop`
WHERE (`shop`.`d_region` != 'north')
GROUP BY `order__is_large`
) AS parts
ORDER BY `order__is_large`
SETTINGS join_use_nulls = 1

SELECT parts.`shop` AS `shop`, parts.`orders` AS `orders`
FROM (
SELECT base.`e_shop` AS `shop`, count(base.`m_orders`) AS `orders`
FROM (SELECT `shop` AS `e_shop`, id AS `m_orders` FROM `shop`.`orders` WHERE (`shop`) IN ('s2')) AS base
WHERE (base.`e_shop` IN ('s1', 's2') OR base.`e_shop` = 's3' OR 1 = 1)
GROUP BY `shop`
) AS parts
ORDER BY `shop`
SETTINGS join_use_nulls = 1

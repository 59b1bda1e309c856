SELECT parts.`sku__category` AS `sku__category`, parts.`last_known_stock` AS `last_known_stock`
FROM (
SELECT `sku`.`d_category` AS `sku__category`, sumOrNull(base.`m_last_known_stock`) AS `last_known_stock`
FROM (SELECT `sku` AS `e_sku`, level AS `m_last_known_stock`, toDate(`day`, 'UTC') AS `t_last`, `shop` AS `g_shop`, `sku` AS `g_sku` FROM `shop`.`stock` WHERE toDate(`day`, 'UTC') < toDate('2026-02-10')) AS base
LEFT JOIN (SELECT `sku` AS `k_sku`, `category` AS `d_category` FROM `shop`.`skus`) AS `sku` ON base.`e_sku` = `sku`.`k_sku`
WHERE (base.`t_last`, base.`g_shop`, base.`g_sku`) IN (SELECT max(toDate(`day`, 'UTC')), `shop`, `sku` FROM `shop`.`stock` WHERE toDate(`day`, 'UTC') < toDate('2026-02-10') GROUP BY `shop`, `sku`)
GROUP BY `sku__category`
) AS parts
ORDER BY `sku__category`
SETTINGS join_use_nulls = 1

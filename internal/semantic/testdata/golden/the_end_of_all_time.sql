SELECT parts.`shop` AS `shop`, parts.`stock_at_end` AS `stock_at_end`
FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_stock_at_end`) AS `stock_at_end`
FROM (SELECT `shop` AS `e_shop`, level AS `m_stock_at_end`, toDate(`day`, 'UTC') AS `t_last` FROM `shop`.`stock`) AS base
WHERE (base.`t_last`) IN (SELECT max(toDate(`day`, 'UTC')) FROM `shop`.`stock`)
GROUP BY `shop`
) AS parts
ORDER BY `shop`
SETTINGS join_use_nulls = 1

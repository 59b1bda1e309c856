SELECT DISTINCT base.`d_city` AS `customer__city`
FROM (SELECT `city` AS `d_city` FROM `shop`.`customers`) AS base
ORDER BY `customer__city`
SETTINGS join_use_nulls = 1

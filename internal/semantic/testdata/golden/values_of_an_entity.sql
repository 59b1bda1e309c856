SELECT DISTINCT base.`e_shop` AS `shop`, base.`d_name` AS `shop__name`
FROM (SELECT code AS `e_shop`, `name` AS `d_name` FROM `shop`.`shops`) AS base
ORDER BY `shop`, `shop__name`
SETTINGS join_use_nulls = 1

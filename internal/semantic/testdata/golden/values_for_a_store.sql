SELECT DISTINCT base.`d_name` AS `shop__name`
FROM (SELECT `name` AS `d_name` FROM `shop`.`shops` WHERE (code) IN ('s3')) AS base
ORDER BY `shop__name`
SETTINGS join_use_nulls = 1

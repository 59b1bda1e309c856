SELECT parts.`returning_buyers` AS `returning_buyers`
FROM (
SELECT uniqExact(if(base.`p_previous_day` < toDate('2026-02-10'), base.`m_returning_buyers`, NULL)) AS `returning_buyers`
FROM (SELECT customer AS `m_returning_buyers`, toDate(`previous_day`, 'UTC') AS `p_previous_day` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-10') AND toDate(`day`, 'UTC') < toDate('2026-02-20')) AS base
) AS parts
SETTINGS join_use_nulls = 1

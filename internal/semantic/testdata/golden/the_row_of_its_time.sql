SELECT parts.`member__tier` AS `member__tier`, coalesce(parts.`visits`, 0) AS `visits`
FROM (
SELECT `member`.`d_tier` AS `member__tier`, count(base.`m_visits`) AS `visits`
FROM (SELECT customer AS `e_member`, `at` AS `t_moment`, id AS `m_visits` FROM `shop`.`visits`) AS base
LEFT JOIN (SELECT customer AS `k_member`, `valid_from` AS `v_valid_from`, `valid_to` AS `v_valid_to`, `tier` AS `d_tier` FROM `shop`.`plans`) AS `member` ON base.`e_member` = `member`.`k_member` AND base.`t_moment` >= `member`.`v_valid_from` AND (base.`t_moment` < `member`.`v_valid_to` OR `member`.`v_valid_to` IS NULL)
GROUP BY `member__tier`
) AS parts
ORDER BY `member__tier`
SETTINGS join_use_nulls = 1

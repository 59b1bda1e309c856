-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_1`
(
    `id` Int32,
    `name` String
)
ENGINE = MergeTree()
ORDER BY (id);
-- main
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_1` (`id`, `name`)
SELECT `id`, `name` FROM format(CSV, '`id` Int32, `name` String', '1,"it\'s"
2,
');
--   SETTINGS date_time_input_format = 'best_effort', input_format_csv_empty_as_default = 1, input_format_csv_trim_whitespaces = 0, max_query_size = 33554577
-- swap
RENAME TABLE `shop`.`_tiendi_tmp_0123456789ab_1` TO `shop`.`orders`;
--   on error 57: EXCHANGE TABLES `shop`.`_tiendi_tmp_0123456789ab_1` AND `shop`.`orders`
--   spares: DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;

-- aside
DROP TABLE IF EXISTS `shop`.`orders`;
-- aside
CREATE MATERIALIZED VIEW `shop`.`orders` REFRESH EVERY 1 HOUR DEPENDS ON shop.a
TO shop.other
AS SELECT * FROM shop.source;
-- main
INSERT INTO shop.other
SELECT * FROM shop.source;

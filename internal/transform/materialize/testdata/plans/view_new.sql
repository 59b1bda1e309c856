-- main
CREATE OR REPLACE VIEW `shop`.`orders`
SQL SECURITY INVOKER
AS (
SELECT * FROM shop.source
SETTINGS join_use_nulls = 1
);

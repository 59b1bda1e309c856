-- main
CREATE OR REPLACE VIEW `shop`.`orders`
AS (
SELECT * FROM shop.source
);

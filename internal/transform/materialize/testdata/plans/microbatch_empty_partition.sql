-- swap
ALTER TABLE `shop`.`orders` DROP PARTITION ID '202401';

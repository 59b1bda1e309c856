
select n_id from `shop_dev__reporting`.`counts_by_status` where n_id <= 0

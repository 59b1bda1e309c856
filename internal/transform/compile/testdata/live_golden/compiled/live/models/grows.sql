
select id, amount from `live_dev`.`orders`
where id > (select max(id) from `live_dev`.`grows`)
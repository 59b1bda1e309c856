
    
    



select id
from `shop_dev__staging`.`stg_orders`
where id is null



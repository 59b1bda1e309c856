
    
    



select id
from `raw`.`orders_raw`
where id is null



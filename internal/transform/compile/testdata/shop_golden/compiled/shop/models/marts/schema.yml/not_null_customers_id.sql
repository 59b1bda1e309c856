
    
    



select id
from (select * from `shop_dev`.`customers` where id > 0) dbt_subquery
where id is null



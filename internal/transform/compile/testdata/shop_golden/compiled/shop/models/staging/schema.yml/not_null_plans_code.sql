
    
    



select code
from `shop_dev`.`plans`
where code is null



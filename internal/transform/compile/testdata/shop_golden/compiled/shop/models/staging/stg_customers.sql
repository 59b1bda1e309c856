select id, first_name || ' ' || last_name as name, created_at
from `raw`.`customers`


select
    id,
    customer_id,
    toDecimal64(amount_cents / 100, 2) as amount,
    status,
    updated_at
from `raw`.`orders_raw`
where updated_at >= '2024-01-01'

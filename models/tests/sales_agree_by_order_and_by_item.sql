-- What a store sold on a day is the same by order and by line.
select date, store_id, sum(by_order) as gmv_by_order, sum(by_item) as gmv_by_item
from (
    select date, store_id, gmv as by_order, toDecimal128(0, 2) as by_item
    from {{ ref('sales_mart') }}
    where is_placed
    union all
    select date, store_id, toDecimal128(0, 2), subtotal
    from {{ ref('order_item_facts') }}
    where is_placed
)
group by date, store_id
having gmv_by_order != gmv_by_item

{{ config(materialized='view') }}
select id, order_id, product_id, quantity, price, subtotal
from {{ ref('order_items_staging') }}
where is_deleted = 0

{{ config(materialized='view') }}
select id, store_id, user_id, status, subtotal, delivery_fee, total, payment_method, created_at, updated_at
from {{ ref('orders_staging') }}
where is_deleted = 0

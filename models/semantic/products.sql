{{ config(materialized='view') }}
select id, store_id, name, category, price, stock, created_at, updated_at
from {{ ref('products_staging') }}
where is_deleted = 0

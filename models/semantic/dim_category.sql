{{ config(materialized='table', order_by=['category']) }}
select
    category,
    count() as products
from {{ ref('dim_product') }}
group by category

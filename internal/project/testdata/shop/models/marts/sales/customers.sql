{{ config(materialized='table', meta={'tier': 1}, tags='core', order_by='id') }}
select c.id, c.name, n.name as country
from {{ ref('stg_customers') }} c
left join {{ ref('countries') }} n on n.code = c.country
left join {{ ref('orders', v=2) }} o on o.customer_id = c.id

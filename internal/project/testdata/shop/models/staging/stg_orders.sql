select id, status, customer_id from {{ ref('raw_orders') }}
union all
select id, status, customer_id from {{ source('erp', 'orders') }}

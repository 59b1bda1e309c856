select id, status, customer_id, 1 as extra from {{ ref('stg_orders') }}

select id, status, customer_id from {{ ref('stg_orders') }}

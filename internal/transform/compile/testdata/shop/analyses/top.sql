select * from {{ ref('customers') }} order by total desc limit 10
-- {{ env_var('SHOP_REGION') }}

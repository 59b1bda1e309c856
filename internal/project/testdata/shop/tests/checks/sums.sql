select 1 as x from {{ ref('orders', v=2) }} where 1 = 0

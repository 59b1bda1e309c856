select * from {{ ref('customers') }} order by id limit 5

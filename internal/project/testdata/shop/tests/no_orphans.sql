{{ config(tags=['orphans'], severity='error') }}
select o.id from {{ ref('stg_orders') }} o left join {{ ref('stg_customers') }} c on c.id = o.customer_id where c.id is null

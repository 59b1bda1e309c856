{{ config(materialized='table', order_by=['store_id']) }}
select
    id as store_id,
    name,
    city,
    state,
    plan,
    language,
    commission_rate,
    created_at,
    {{ day('created_at') }} as created_on
from {{ ref('stores_staging') }}
where is_deleted = 0

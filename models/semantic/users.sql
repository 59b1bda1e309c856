{{ config(materialized='view') }}
select id, city, state, created_at, {{ day('created_at') }} as created_on
from {{ ref('users_staging') }}
where is_deleted = 0

{{ config(materialized='view') }}
select id, name, email, language, city, state, commission_rate, plan, created_at
from {{ ref('stores_staging') }}
where is_deleted = 0

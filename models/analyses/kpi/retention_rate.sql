{#- retention_rate by cohort and months since. -#}
select
    scope,
    store_id,
    cohort_month,
    months_since_first,
    cohort_users,
    retained_users,
    {{ rate('retained_users', 'cohort_users') }} as retention_rate
from {{ ref('retention_mart') }}

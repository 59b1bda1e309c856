{#- store_churn_rate; of complete periods only unless asked otherwise. -#}
select
    grain,
    period_start,
    is_complete,
    previous_active_stores,
    churned_stores,
    {{ rate('churned_stores', 'previous_active_stores') }} as store_churn_rate
from {{ ref('store_churn_mart') }}

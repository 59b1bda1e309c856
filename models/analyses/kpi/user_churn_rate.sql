{#- user_churn_rate. -#}
select
    grain,
    period_start,
    is_complete,
    users_at_start,
    churned_users,
    {{ rate('churned_users', 'users_at_start') }} as user_churn_rate
from {{ ref('user_churn_mart') }}

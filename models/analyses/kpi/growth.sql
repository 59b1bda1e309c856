{#- new_stores and new_users by the day of created_at. -#}
select
    period.1 as grain,
    period.2 as period_start,
    sum(is_store) as new_stores,
    sum(is_user) as new_users
from (
    select arrayJoin({{ periods_of('date') }}) as period, is_store, is_user
    from (
        select {{ day('created_at') }} as date, 1 as is_store, 0 as is_user from {{ ref('stores') }}
        union all
        select {{ day('created_at') }}, 0, 1 from {{ ref('users') }}
    )
)
group by grain, period_start

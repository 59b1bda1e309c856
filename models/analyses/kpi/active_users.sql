{#- active_users by calendar period, and of the 7 and 28 days up to each day. -#}
select
    period.1 as grain,
    period.2 as period_start,
    uniqExact(user_id) as active_users
from (
    select
        user_id,
        arrayJoin(arrayConcat(
            {{ periods_of('date') }},
            arrayMap(offset -> ('trailing_7_days', addDays(date, offset)), range(7)),
            arrayMap(offset -> ('trailing_28_days', addDays(date, offset)), range(28))
        )) as period
    from {{ ref('user_days') }}
)
group by grain, period_start

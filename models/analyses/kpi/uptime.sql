{#- uptime: due minutes that were up. -#}
select
    period.1 as grain,
    period.2 as period_start,
    {{ rate('sum(up_minutes)', 'sum(due_minutes)') }} as uptime
from (
    select *, arrayJoin({{ periods_of('date') }}) as period
    from {{ ref('uptime_mart') }}
)
group by grain, period_start

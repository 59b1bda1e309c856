{#- funnel: sessions that reach each step. -#}
select
    period.1 as grain,
    period.2 as period_start,
    scope,
    store_id,
    step_number,
    step,
    sum(funnel.sessions) as sessions
from (
    select *, arrayJoin({{ periods_of('date') }}) as period
    from {{ ref('funnel_mart') }}
) as funnel
group by grain, period_start, scope, store_id, step_number, step

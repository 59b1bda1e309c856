{#- payment_success_rate: payments whose final event is a success. -#}
select
    period.1 as grain,
    period.2 as period_start,
    target.1 as scope,
    target.2 as store_id,
    count() as payments,
    {{ rate('sum(is_succeeded)', 'count()') }} as payment_success_rate
from (
    select
        *,
        arrayJoin({{ periods_of('date') }}) as period,
        arrayJoin({{ scopes('store_id') }}) as target
    from {{ ref('payments_mart') }}
)
group by grain, period_start, scope, store_id

{#- api_latency_p50_ms, p95 and p99, and api_error_rate. -#}
select
    period.1 as grain,
    period.2 as period_start,
    quantilesExactWeightedMerge(0.5, 0.95, 0.99)(duration_ms_state) as latency,
    latency[1] as api_latency_p50_ms,
    latency[2] as api_latency_p95_ms,
    latency[3] as api_latency_p99_ms,
    {{ rate('sum(errors)', 'sum(requests)') }} as api_error_rate
from (
    select *, arrayJoin({{ periods_of('date') }}) as period
    from {{ ref('api_mart') }}
)
group by grain, period_start

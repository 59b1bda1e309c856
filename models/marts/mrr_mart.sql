{{ config(order_by=['month', 'store_id']) }}
{#- Monthly recurring revenue by store: the fees of the subscriptions active at the end of
    the month, and what moved since the month before. Movements are positive amounts:
    mrr - previous_mrr = new + expansion + reactivated - contraction - churned. The months
    reach to that of the newest data. -#}
with fees as (
    select
        store_id,
        arrayJoin(arrayMap(offset -> addMonths(first_month, offset),
            range(toUInt32(greatest(0, dateDiff('month', first_month, end_month)))))) as month,
        sum(monthly_fee) as mrr
    from (
        select
            store_id,
            monthly_fee,
            toStartOfMonth({{ day('started_at') }}) as first_month,
            {#- The first month that the subscription does not reach the end of. -#}
            least(
                toStartOfMonth({{ day("ifNull(ended_at, toDateTime64('2148-01-01', 3, 'UTC'))") }}),
                addMonths(toStartOfMonth({{ day('data_through') }}), 1)
            ) as end_month
        from {{ ref('subscriptions_staging') }}
        cross join {{ ref('data_horizon') }}
        where is_deleted = 0
    )
    group by store_id, month
),

ordered as (
    select
        *,
        row_number() over by_store as paid_months,
        lagInFrame(month) over by_store as previous_month,
        lagInFrame(mrr) over by_store as last_mrr,
        leadInFrame(month) over by_store as next_month
    from fees
    where mrr > 0
    window by_store as (
        partition by store_id order by month rows between unbounded preceding and unbounded following
    )
),

movements as (
    select
        month,
        store_id,
        mrr,
        if(paid_months > 1 and addMonths(previous_month, 1) = month, last_mrr, toDecimal128(0, 2)) as previous_mrr,
        paid_months = 1 as is_first
    from ordered
    union all
    select addMonths(month, 1) as month, store_id, toDecimal128(0, 2) as mrr, ordered.mrr as previous_mrr, 0 as is_first
    from ordered
    where next_month != addMonths(ordered.month, 1)
      and addMonths(ordered.month, 1) <= (select toStartOfMonth({{ day('data_through') }}) from {{ ref('data_horizon') }})
)

select
    month,
    store_id,
    mrr,
    previous_mrr,
    if(is_first, mrr, toDecimal128(0, 2)) as new_mrr,
    if(previous_mrr > 0 and mrr > previous_mrr, mrr - previous_mrr, toDecimal128(0, 2)) as expansion_mrr,
    if(mrr > 0 and mrr < previous_mrr, previous_mrr - mrr, toDecimal128(0, 2)) as contraction_mrr,
    if(mrr = 0, previous_mrr, toDecimal128(0, 2)) as churned_mrr,
    if(previous_mrr = 0 and not is_first, mrr, toDecimal128(0, 2)) as reactivated_mrr
from movements

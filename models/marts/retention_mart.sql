{{ config(order_by=['scope', 'store_id', 'cohort_month', 'months_since_first']) }}
{#- Cohorts by the month of the first delivered order, on the platform and at each store,
    with a row for every complete month since, also where nobody came back. -#}
with active_months as (
    select distinct
        target.1 as scope,
        target.2 as store_id,
        user_id,
        toStartOfMonth(date) as month
    from (
        select arrayJoin({{ scopes('store_id') }}) as target, user_id, date
        from {{ ref('order_facts') }}
        where is_delivered
    )
),

first_months as (
    select *, min(month) over (partition by scope, store_id, user_id) as cohort_month
    from active_months
),

returns as (
    select
        scope,
        store_id,
        cohort_month,
        dateDiff('month', cohort_month, month) as months_since_first,
        count() as users
    from first_months
    group by scope, store_id, cohort_month, months_since_first
),

cohorts as (
    select
        scope,
        store_id,
        cohort_month,
        users as cohort_users,
        arrayJoin(range(toUInt32(greatest(0, dateDiff(
            'month', cohort_month, (select toStartOfMonth({{ day('orders_through') }}) from {{ ref('data_horizon') }})
        ))))) as elapsed
    from returns
    where months_since_first = 0
)

select
    cohorts.scope as scope,
    cohorts.store_id as store_id,
    cohorts.cohort_month as cohort_month,
    toUInt16(cohorts.elapsed) as months_since_first,
    addMonths(cohorts.cohort_month, cohorts.elapsed) as month,
    cohorts.cohort_users as cohort_users,
    returns.users as retained_users
from cohorts
left join returns
    on returns.scope = cohorts.scope
    and returns.store_id = cohorts.store_id
    and returns.cohort_month = cohorts.cohort_month
    and returns.months_since_first = cohorts.elapsed

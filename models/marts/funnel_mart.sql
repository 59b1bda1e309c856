{{ config(materialized='view') }}
{#- Sessions that reach each step of the funnel in order; step 1 is the visit itself. -#}
select
    scope,
    store_id,
    date,
    device_type,
    os,
    browser,
    country,
    traffic_source,
    arrayJoin(range(1, reached_step + 1)) as step_number,
    ['visit', {% for step in var('funnel_steps') %}'{{ step }}'{% if not loop.last %}, {% endif %}{% endfor %}][step_number] as step,
    sessions
from {{ ref('traffic_mart') }}
where reached_step > 0

{#- The sessions whose events arrived since this model was last built. A late event can
    join two sessions or split one, so all of a session_id is worked on again. -#}
{% macro touched_sessions(events) -%}
    {%- if is_incremental() -%}
    session_id in (select session_id from {{ events }} where {{ arrived_since_last_run() }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- The days on which a session may have begun, or begun before a late event moved it:
    a session's day is always a day of one of its events. -#}
{% macro touched_days(events) -%}
    {%- if is_incremental() -%}
    date in (select {{ day('timestamp') }} from {{ events }} where {{ touched_sessions(events) }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- One row per session, or with by_store one per session and store named in it: the
    slice of the session's events that name the store. A step counts when it comes at or
    after the one before. -#}
{% macro summarise_sessions(events, by_store) -%}
{%- set page_view = 'is_store_page_view' if by_store else 'is_page_view' -%}
select
    session_id,
    session_started_at,
    {%- if by_store %}
    store_id,
    {%- endif %}
    {{ day('session_started_at') }} as date,
    min(timestamp) as first_event_at,
    max(timestamp) as last_event_at,
    dateDiff('millisecond', first_event_at, last_event_at) as duration_ms,
    count() as events,
    countIf({{ page_view }}) as page_views,
    argMinIf(user_id, tuple(timestamp, {{ id_order('event_id') }}), user_id != {{ no_id() }}) as user_id,
    any(session_device_type) as device_type,
    any(session_os) as os,
    any(session_browser) as browser,
    any(session_country) as country,
    any(session_traffic_source) as traffic_source,
    countIf(event_type = 'product_viewed') > 0 as has_product_view,
    countIf(event_type = 'add_to_cart') > 0 as has_cart,
    countIf(event_type = 'checkout_started') > 0 as has_checkout,
    countIf(event_type = 'purchase_completed') > 0 as has_purchase,
    has_cart and maxIf(timestamp, event_type = 'purchase_completed')
        >= minIf(timestamp, event_type = 'add_to_cart') as has_purchase_after_cart,
    has_checkout and maxIf(timestamp, event_type = 'purchase_completed')
        >= minIf(timestamp, event_type = 'checkout_started') as has_purchase_after_checkout,
    page_views = 1 and events = countIf({{ is_one_of('event_type', var('page_view_event_types')) }}) as is_bounce,
    duration_ms > {{ var('engaged_session_seconds') | int }} * 1000
        or page_views >= 2
        or has_cart or has_checkout or has_purchase as is_engaged,
    {#- A window as long as time itself: what counts is the order of the steps only. #}
    toUInt8(1 + windowFunnel(9223372036854775807)(
        toUInt64(toUnixTimestamp64Milli(timestamp)),
        {%- for step in var('funnel_steps') %}
        event_type = '{{ step }}'{% if not loop.last %},{% endif %}
        {%- endfor %}
    )) as reached_step,
    max(ingested_at) as ingested_at
from {{ events }}
where {{ touched_sessions(events) }}
{%- if by_store %}
  and store_id != {{ no_id() }}
  and {{ is_behind(events, 'countIf(store_id != ' ~ no_id() ~ ')', 'sum(events)') }}
{%- else %}
  and {{ is_behind(events, 'count()', 'sum(events)') }}
{%- endif %}
group by session_id, session_started_at{% if by_store %}, store_id{% endif %}
{%- endmacro %}

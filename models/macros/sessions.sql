{#- The days to build again when web events have come: a late event can join two sessions
    or split one, and move them to another day, but a session's day is always a day of
    one of its events. So: all days of the sessions that have events on a day which has
    gained some. -#}
{% macro is_day_of_changed_sessions(events, held, held_where='true') -%}
    {%- if is_incremental() -%}
    {{ is_behind(events, '1', 'true', held, held_where) }}
    and date in (
        select {{ day('timestamp') }}
        from {{ events }}
        where session_id in (
            select session_id
            from {{ events }}
            where {{ day('timestamp') }} in (
                {{ changed_keys('date', events, day('timestamp'), '1', 'true', held, held_where) }}
            )
        )
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- One row per session, or with by_store one per session and store named in it: the
    slice of the session's events that name the store. A late event can change any session
    of its session_id, so all of a session_id is worked on again. A step counts when it comes at or
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
from {{ events.render() }}
{%- if by_store %}
{#- An event without a store can still move the sessions of those with one, or be their origin. #}
where store_id != {{ no_id() }}
  and {{ is_changed(
      'session_id', events,
      counted='cityHash64(session_started_at, session_device_type, session_os, session_browser, session_country, session_traffic_source)',
      counted_where='store_id != ' ~ no_id(),
      held='events * cityHash64(session_started_at, device_type, os, browser, country, traffic_source)'
  ) }}
{%- else %}
where {{ is_changed('session_id', events, held='events') }}
{%- endif %}
group by session_id, session_started_at{% if by_store %}, store_id{% endif %}
{%- endmacro %}

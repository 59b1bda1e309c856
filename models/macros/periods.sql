{#- The periods that KPIs compare with one another, as (grain, first day) of a date. -#}
{% macro periods_of(date) -%}
    [
        ('day', {{ date }}),
        ('week', toMonday({{ date }})),
        ('month', toStartOfMonth({{ date }})),
        ('quarter', toStartOfQuarter({{ date }})),
        ('year', toStartOfYear({{ date }}))
    ]
{%- endmacro %}

{#- The first day of the period after the one that begins on a date. -#}
{% macro next_period(grain, period_start) -%}
    multiIf(
        {{ grain }} = 'day', addDays({{ period_start }}, 1),
        {{ grain }} = 'week', addDays({{ period_start }}, 7),
        {{ grain }} = 'month', addMonths({{ period_start }}, 1),
        {{ grain }} = 'quarter', addMonths({{ period_start }}, 3),
        addYears({{ period_start }}, 1)
    )
{%- endmacro %}

{#- Every row once for the platform and, where it names a store, once for the store. -#}
{% macro scopes(store_id) -%}
    if({{ store_id }} = {{ no_id() }},
        [('platform', {{ no_id() }})],
        [('platform', {{ no_id() }}), ('store', {{ store_id }})])
{%- endmacro %}

{#- The day of a moment on the platform's calendar. -#}
{% macro day(moment) -%}
    toDate({{ moment }}, '{{ var("timezone") }}')
{%- endmacro %}

{#- The moment at which a day begins on the platform's calendar. -#}
{% macro start_of(date) -%}
    toDateTime64({{ date }}, 3, '{{ var("timezone") }}')
{%- endmacro %}

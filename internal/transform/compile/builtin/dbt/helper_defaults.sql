{# What the helpers print where ClickHouse needs nothing of its own. #}

{% macro default__concat(fields) -%}{{ fields | join(' || ') }}{%- endmacro %}

{% macro default__cast(field, type) %}
    cast({{ field }} as {{ type }})
{% endmacro %}

{% macro default__date(year, month, day) -%}
    to_date('{{ modules.datetime.date(year, month, day).isoformat() }}', 'YYYY-MM-DD')
{%- endmacro %}

{% macro default__date_trunc(datepart, date) -%}date_trunc('{{ datepart }}', {{ date }}){%- endmacro %}

{% macro default__dateadd(datepart, interval, from_date_or_timestamp) %}

    dateadd(
        {{ datepart }},
        {{ interval }},
        {{ from_date_or_timestamp }}
        )

{% endmacro %}

{% macro default__datediff(first_date, second_date, datepart) -%}
    {{- 'datediff(\n        ' ~ [datepart, first_date, second_date] | join(',\n        ') ~ '\n        )' -}}
{%- endmacro %}

{% macro default__equals(expr1, expr2) -%}
    ({{ expr1 }} = {{ expr2 }})
{% endmacro %}

{% macro default__escape_single_quotes(expression) -%}
{{ expression.replace("'", "''") }}
{%- endmacro %}

{% macro default__except() %}

    except

{% endmacro %}

{% macro default__intersect() %}

    intersect

{% endmacro %}

{% macro default__length(expression) %}

    length(
        {{ expression }}
    )

{%- endmacro %}

{% macro default__position(substring_text, string_text) %}

    position(
        {{ substring_text }} in {{ string_text }}
    )

{%- endmacro %}

{% macro default__right(string_text, length_expression) %}

    right(
        {{ string_text }},
        {{ length_expression }}
    )

{%- endmacro %}

{% macro default__string_literal(value) -%}
    '{{ value }}'
{%- endmacro %}

{% macro default__type_string() %}{% do return(api.Column.translate_type('string')) %}{% endmacro %}

{% macro default__type_timestamp() %}{% do return(api.Column.translate_type('timestamp')) %}{% endmacro %}

{% macro default__type_float() %}{% do return(api.Column.translate_type('float')) %}{% endmacro %}

{% macro default__type_int() %}{% do return(api.Column.translate_type('integer')) %}{% endmacro %}

{% macro default__type_bigint() %}{% do return('bigint') %}{% endmacro %}

{% macro default__type_boolean() %}{% do return('boolean') %}{% endmacro %}

{% macro default__type_numeric() %}{% do return(api.Column.numeric_type('numeric', 28, 6)) %}{% endmacro %}

{# How often 2 must be multiplied by itself to reach the bound, at least once. #}
{% macro default__get_powers_of_two(upper_bound) %}
    {%- if upper_bound <= 0 -%}
        {%- do exceptions.raise_compiler_error('a series needs a bound above 0, not ' ~ upper_bound) -%}
    {%- endif -%}
    {%- for power in range(1, 100) -%}
        {%- if upper_bound <= 2 ** power -%}{%- do return(power) -%}{%- endif -%}
    {%- endfor -%}
{% endmacro %}

{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
    {%- if not execute -%}{%- do return(1) -%}{%- endif -%}
    {%- do return(run_query('select ' ~ dbt.datediff(start_date, end_date, datepart)).rows[0][0]) -%}
{%- endmacro %}

{# What the helpers print in ClickHouse's words. #}

{% macro clickhouse__any_value(expression) -%}any({{ expression }}){%- endmacro %}

{% macro clickhouse__bool_or(expression) -%}max({{ expression }}) > 0{%- endmacro %}

{% macro clickhouse__hash(field) -%}lower(hex(MD5(toString({{ field }} )))){%- endmacro %}

{% macro clickhouse__current_timestamp() -%}now(){%- endmacro %}

{% macro clickhouse__cast_bool_to_text(field) %}
    multiIf({{ field }} > 0, 'true', {{ field }} = 0, 'false', NULL)
{% endmacro %}

{% macro clickhouse__last_day(date, datepart) -%}
    {%- set next = dbt.dateadd(datepart, '1', dbt.date_trunc(datepart, date)) -%}
    {{ dbt.dateadd('day', '-1', next) }}
{%- endmacro %}

{% macro clickhouse__split_part(string_text, delimiter_text, part_number) %}
    splitByString({{ delimiter_text }}, {{ string_text }})[{{ part_number }}]
{% endmacro %}

{% macro clickhouse__replace(field, old_chars, new_chars) %}
   replaceAll({{ field }},'{{ old_chars }}','{{ new_chars }}')
{% endmacro %}

{# The word null, as fixtures have it, gives the default of a type that has no null. #}
{% macro clickhouse__safe_cast(field, type) -%}
    {%- if field == 'null' -%}
        {%- set field = "defaultValueOfTypeName('" ~ type.replace("'", "\\'") ~ "')" -%}
    {%- endif -%}
    CAST({{ field }} AS {{ type }})
{%- endmacro %}

{% macro clickhouse__array_append(array, new_element) -%}
    arrayPushBack({{ array }}, {{ new_element }})
{% endmacro %}

{% macro clickhouse__array_concat(array_1, array_2) -%}
   arrayConcat({{ array_1 }}, {{ array_2 }})
{% endmacro %}

{% macro clickhouse__array_construct(inputs, data_type) -%}
    {%- if inputs -%}
    {{ '\n    [ ' ~ inputs | join(' , ') ~ ' ]\n    ' }}
    {%- else -%}
    {{ '\n    emptyArray' ~ data_type ~ '()\n    ' }}
    {%- endif -%}
{%- endmacro %}

{# Only one column can order the values: arraySort takes one key. #}
{% macro clickhouse__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {%- set words = (order_by_clause or '').split() -%}
    {%- if words[:2] | join(' ') | lower == 'order by' -%}
        {%- if ',' in words -%}
            {%- do exceptions.raise_compiler_error('listagg orders by one column only: ' ~ order_by_clause) -%}
        {%- endif -%}
        {%- set back = 'Reverse' if 'desc' in words[3:] | join('') | lower -%}
        {%- set values = 'arrayMap(x -> x.1, array' ~ back ~ 'Sort(x -> x.2, arrayZip(array_agg(' ~ measure ~ '), array_agg(' ~ words[2] ~ '))))' -%}
    {%- else -%}
        {%- set values = 'array_agg(' ~ measure ~ ')' -%}
    {%- endif -%}
    {%- if limit_num -%}{%- set values = 'arraySlice(' ~ values ~ ', 1, ' ~ limit_num ~ ')' -%}{%- endif -%}
    arrayStringConcat({{ values }}, {{ delimiter_text }})
{%- endmacro %}

{% macro clickhouse__generate_series(upper_bound) %}
    select number + 1 as generated_number from numbers({{ upper_bound }})
{% endmacro %}

{% macro clickhouse__date_spine(datepart, start_date, end_date) %}
    {%- set column = 'date_' ~ datepart %}
    select {{ dbt.dateadd(datepart, 'number', start_date) }} as {{ column }}
    from numbers(toUInt64(greatest(0, {{ dbt.datediff(start_date, end_date, datepart) }} + 1)))
    where {{ column }} <= {{ end_date }}
{% endmacro %}

{#- The zero UUID stands for "none" wherever an id is part of a sorting key. -#}
{% macro no_id() -%}
    toUUID('00000000-0000-0000-0000-000000000000')
{%- endmacro %}

{#- What to order ids by. ClickHouse compares UUIDs by their second half first; everything
    else, the streams among it, compares them as they are written. -#}
{% macro id_order(id) -%}
    UUIDToNum({{ id }})
{%- endmacro %}

{#- 1 where the value is one of a list var's, otherwise 0. -#}
{% macro is_one_of(value, list) -%}
    has([{% for item in list %}'{{ item }}'{% if not loop.last %}, {% endif %}{% endfor %}], {{ value }})
{%- endmacro %}

{#- Money at the top level of a JSON document, as Decimal(18,2), read from its text:
    the JSON functions go through a double. Where the key also occurs deeper down,
    the occurrence equal to the top-level number is taken. 0 when there is none. -#}
{% macro json_money(document, key) -%}
    toDecimal64OrZero(if(
        JSONExtractString({{ document }}, '{{ key }}') != '',
        JSONExtractString({{ document }}, '{{ key }}'),
        arrayFirst(
            text -> toFloat64OrZero(text) = JSONExtractFloat({{ document }}, '{{ key }}'),
            extractAll({{ document }}, '"{{ key }}"\\s*:\\s*([-+0-9.eE]+)')
        )
    ), 2)
{%- endmacro %}

{#- An id at the top level of a JSON document; the zero UUID when there is none. -#}
{% macro json_id(document, key) -%}
    toUUIDOrZero(JSONExtractString({{ document }}, '{{ key }}'))
{%- endmacro %}

{#- A rate is null, never 0 or infinity, where its denominator is 0. -#}
{% macro rate(numerator, denominator) -%}
    toFloat64({{ numerator }}) / nullIf(toFloat64({{ denominator }}), 0)
{%- endmacro %}

{#- An average of money, to the cent; null of nothing. -#}
{% macro average_money(total, count) -%}
    round(toDecimal128({{ total }}, 6) / nullIf(toInt64({{ count }}), 0), 2)
{%- endmacro %}

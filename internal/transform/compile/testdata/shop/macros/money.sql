{% macro cents_to_money(column, scale=2) -%}
toDecimal64({{ column }} / 100, {{ scale }})
{%- endmacro %}

{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- else -%}
        {{ target.schema }}__{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}

{% macro shop__stamp() %}'never'{% endmacro %}
{% macro default__stamp() %}'the shop'{% endmacro %}

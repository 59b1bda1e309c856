{#- Every row once for the platform and, where it names a store, once for the store. -#}
{% macro scopes(store_id) -%}
    if({{ store_id }} = {{ no_id() }},
        [('platform', {{ no_id() }})],
        [('platform', {{ no_id() }}), ('store', {{ store_id }})])
{%- endmacro %}

{#- The visits that suggestions learn from, with how much each of them counts, in
    billionths: orders more than sessions, and half as much after affinity_half_life_days.
    Whole numbers add up to the same sum in any order, so the same data give the same
    tables. With affinity_before, only what was known before that moment is there: so
    suggestions are held against what came next. -#}
{% macro weighted_visits() -%}
{%- set before = var('affinity_before') -%}
{%- set known -%}
{% if before %}where known_at < toDateTime64('{{ before }}', 3, 'UTC'){% endif %}
{%- endset -%}
select
    store_id,
    is_order,
    products,
    toInt64(1000000000 * if(is_order, {{ var('affinity_order_weight') | float }}, 1)
        * exp2(-dateDiff('day', date, (select max(date) from {{ ref('product_visits') }} {{ known }}))
            / {{ var('affinity_half_life_days') | float }})) as weight
from {{ ref('product_visits') }}
{{ known }}
{%- endmacro %}

{#- Rows of the zero store are the platform's. -#}
{% macro scope_of(store_id) -%}
    if({{ store_id }} = {{ no_id() }}, 'platform', 'store')
{%- endmacro %}

{#- Products that the catalogue has deleted. -#}
{% macro deleted_products() -%}
    (select id from {{ ref('products_staging') }} where is_deleted = 1)
{%- endmacro %}

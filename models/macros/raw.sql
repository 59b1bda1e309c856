{#- A column of a typed, empty select: the default value of its ClickHouse type. -#}
{% macro typed(type, name) -%}
    defaultValueOfTypeName('{{ type | replace("'", "\\'") }}') as {{ name }}
{%- endmacro %}

{#- The columns that every raw table ends with: which load or log wrote the row,
    its place there, and when it arrived. -#}
{% macro arrival_columns() -%}
    {{ typed('LowCardinality(String)', '_batch') }},
    {{ typed('UInt64', '_position') }},
    {{ typed("DateTime64(6, 'UTC')", 'ingested_at') }}
{%- endmacro %}

{#- What a change log adds: its own order (log sequence number and sequence within it;
    0 for files) and whether the change was a deletion. -#}
{% macro change_columns() -%}
    {{ typed('UInt128', '_version') }},
    {{ typed('UInt8', '_deleted') }}
{%- endmacro %}

{#- A typed empty select cannot carry a DEFAULT, so the table gets it afterwards.
    Changes metadata only, and may be repeated. -#}
{% macro default_ingested_at() -%}
    alter table {{ this }} modify column ingested_at DateTime64(6, 'UTC') default now64(6, 'UTC')
{%- endmacro %}

{#- Rows expire after ttl_years; those that `tiendi load --allow-expired` brought in on
    purpose carry a batch id that begins with kept_, and stay. -#}
{% macro ttl_clause(column) -%}
    {%- if var('ttl_years') | int > 0 -%}
        toDateTime({{ column }}) + toIntervalYear({{ var('ttl_years') | int }}) delete where not startsWith(_batch, 'kept_')
    {%- endif -%}
{%- endmacro %}

{#- What was refused or set aside expires after as many years, since then: it holds what
    people sent, too. -#}
{% macro rejects_ttl_clause(column) -%}
    {%- if var('ttl_years') | int > 0 -%}
        toDateTime({{ column }}) + toIntervalYear({{ var('ttl_years') | int }})
    {%- endif -%}
{%- endmacro %}

{#- What the streams say of the present expires after live_days; the models that stay
    are built from the events themselves. -#}
{% macro live_ttl_clause(column) -%}
    {%- if var('live_days') | int > 0 -%}
        toDateTime({{ column }}) + toIntervalDay({{ var('live_days') | int }})
    {%- endif -%}
{%- endmacro %}

{#- What names a window of the streams: its length and beginning, the dimensions it is
    counted by and their values, and the partition of the stream that counted it. -#}
{% macro window_columns() -%}
    {{ typed('LowCardinality(String)', 'grain') }},
    {{ typed('LowCardinality(String)', 'dimensions') }},
    {{ typed('UUID', 'store_id') }},
    {{ typed("DateTime64(3, 'UTC')", 'window_start') }},
    {{ typed('UUID', 'product_id') }},
    {{ typed('LowCardinality(String)', 'traffic_source') }},
    {{ typed('UInt32', 'stream_partition') }},
    {{ typed('UInt64', 'revision') }}
{%- endmacro %}

{#- The rows that arrived since this model was last built: all of them on a first or full
    build. The newest arrival that the table holds, less an overlap, is the mark; rows in
    the overlap are looked at again. -#}
{% macro arrived_since_last_run() -%}
    {%- if is_incremental() -%}
    ingested_at >= (
        select max(ingested_at) - toIntervalMinute({{ var('ingest_overlap_minutes') | int }})
        from {{ this }}
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- The keys for which the source has other rows than this table accounts for: what it
    counts of them (counted, of its rows where counted_where) is not what this table says
    that it holds (held, of its rows where held_where). Sources only ever gain rows, so
    equal counts mean equal rows, in whatever order and however late they came to be
    visible. Where a row of the source may be worked out anew, each counts with a hash of
    what can change about it, and sums wrap around. -#}
{% macro changed_keys(key, source, source_key, counted, counted_where, held, held_where) -%}
select {{ key }}
from (
    select {{ source_key }} as {{ key }}, toInt64({{ counted }}) as balance
    from {{ source }}
    where {{ counted_where }}
    union all
    select {{ key }}, -toInt64({{ held }})
    from {{ this }}
    where {{ held_where }}
)
group by {{ key }}
having sum(balance) != 0
{%- endmacro %}

{#- Whether anything changed at all. It costs far less than to ask which keys did, and
    is a constant of the query: where it is false, nothing is read. -#}
{% macro is_behind(source, counted, counted_where, held, held_where) -%}
(select sum(toInt64({{ counted }})) from {{ source }} where {{ counted_where }})
        != (select sum(toInt64({{ held }})) from {{ this }} where {{ held_where }})
{%- endmacro %}

{#- Whether the model is being backfilled by key, as its meta.backfill_key says. -#}
{% macro is_backfilled_by_key() -%}
{{ return(model.batch and config.get('meta', {}).get('backfill_key')) }}
{%- endmacro %}

{#- The slice that a backfill rebuilds, of a moment or a day of this table. -#}
{% macro in_backfill(column) -%}
{%- set written = '%Y-%m-%d %H:%M:%S' -%}
{{ column }} >= toTimeZone(toDateTime64('{{ model.batch.event_time_start.strftime(written) }}', 3, 'UTC'), '{{ var("timezone") }}')
        and {{ column }} < toTimeZone(toDateTime64('{{ model.batch.event_time_end.strftime(written) }}', 3, 'UTC'), '{{ var("timezone") }}')
{%- endmacro %}

{#- The keys that have a row in the slice that is backfilled, in the source (of which ref()
    gives the slice only) or in this table. All of their rows are built again. -#}
{% macro backfilled_keys(key, source, source_key=none) -%}
select {{ source_key or key }} as {{ key }} from {{ source }}
        union distinct
        select {{ key }} from {{ this }} where {{ in_backfill(config.get('event_time')) }}
{%- endmacro %}

{#- The rows of changed keys; all rows on a first or full build, and of a slice that is
    backfilled. -#}
{% macro is_changed(key, source, held, source_key=none, counted='1', counted_where='true', held_where='true') -%}
    {%- if is_backfilled_by_key() -%}
    {{ key }} in (
        {{ backfilled_keys(key, source, source_key) }}
    )
    {%- elif is_incremental() -%}
    {{ is_behind(source, counted, counted_where, held, held_where) }}
    and {{ key }} in (
        {{ changed_keys(key, source, source_key or key, counted, counted_where, held, held_where) }}
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- What a full refresh cannot build again, since its source has expired (ttl_years), is
    taken over from the table's old version: rows that had expired when the newest row
    arrived and whose id the source holds no more. -#}
{% macro union_all_expired(source, id, timestamp, columns) -%}
{%- if execute and not is_incremental() and var('ttl_years') | int > 0 -%}
    {%- set old = adapter.get_relation(database=this.database, schema=this.schema, identifier=this.identifier) -%}
    {%- if old is not none -%}
        {%- set held = adapter.get_columns_in_relation(old) | map(attribute='name') | list -%}
        {%- set lacking = columns | reject('in', held) | list -%}
        {%- if lacking -%}
            {%- do exceptions.raise_compiler_error(
                'the old ' ~ this.identifier ~ ' holds rows that have expired in ' ~ source.identifier ~ ' and cannot be built again, but it lacks '
                ~ lacking | join(', ') ~ ': add the columns to it by ALTER TABLE first'
            ) -%}
        {%- endif %}
union all
select {{ columns | join(', ') }}
from {{ this }}
where toDateTime({{ timestamp }}) + toIntervalYear({{ var('ttl_years') | int }}) < (select max(ingested_at) from {{ this }})
  and {{ id }} not in (select {{ id }} from {{ source.render() }})
  {%- if is_backfilled_by_key() %}
  and {{ in_backfill(timestamp) }}
  {%- endif %}
    {%- endif -%}
{%- endif -%}
{%- endmacro %}

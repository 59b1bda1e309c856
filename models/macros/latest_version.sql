{#- The last version of each row of an OLTP table. A change log's own order comes first
    (files carry 0 there), then updated_at, then the order of arrival; a hash of the row
    settles what is still equal, so that the answer never depends on chance. A deleted row
    stays, marked. An incremental run works on the keys that changed,
    which it tells by the first of their columns, a backfill on those of its slice. -#}
{% macro latest_version(relation, keys, columns) -%}
select
    {{ keys | join(',\n    ') }},
    {%- for column in columns %}
    tupleElement(latest, {{ loop.index }}) as {{ column }},
    {%- endfor %}
    tupleElement(latest, {{ columns | length + 1 }}) as is_deleted,
    versions,
    last_ingested_at as ingested_at
from (
    select
        {{ keys | join(',\n        ') }},
        argMax(
            tuple({{ columns | join(', ') }}, _deleted),
            tuple(_version, updated_at, ingested_at, _position, cityHash64({{ columns | join(', ') }}))
        ) as latest,
        count() as versions,
        max(ingested_at) as last_ingested_at
    from {{ relation.render() }}
    {%- if is_incremental() or is_backfilled_by_key() %}
    where {{ is_changed(keys[0], relation, held='versions') }}
    {%- endif %}
    group by {{ keys | join(', ') }}
)
{%- endmacro %}

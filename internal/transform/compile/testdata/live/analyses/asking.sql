{%- set answer = run_query("select id, amount, status, created_at, tags, note from live_dev.orders order by id") -%}
{%- if execute %}
columns: {{ answer.columns | map(attribute='name') | join(', ') }} {{ answer.column_names }}
first: {{ answer.columns[0].values() }} {{ answer.columns['status'].values() | list }} {{ answer.columns[1].name }}
rows: {{ answer | length }} {{ answer.rows | length }} {{ answer.rows[0][0] }} {{ answer.rows[1]['status'] }} {{ answer[0].amount }} {{ answer.rows[0].values() }}
{% for row in answer -%}
{{ row[0] }}|{{ row.amount }}|{{ row['status'] }}|{{ row.created_at }}|{{ row.tags }}|{{ row.note }}|{{ row.keys() }}
{% endfor -%}
sum: {{ answer.columns[0].values() | sum }} {{ (answer.columns[0].values() | list)[0] + 1 }}
{% endif -%}
{%- call statement('counted', fetch_result=true) -%}
select count() as n, toDate('2024-02-03') as d, true as b, null as nothing from live_dev.orders
{%- endcall -%}
{%- set counted = load_result('counted') -%}
{% if execute -%}
data: {{ counted['data'] }} {{ counted.table.rows[0]['n'] }} {{ counted['data'][0][0] }}
{% endif -%}
{%- set rel = adapter.get_relation(database='', schema='live_dev', identifier='orders') -%}
{%- set gone = adapter.get_relation(database='', schema='live_dev', identifier='nothing') -%}
{%- set seen = adapter.get_relation(database='', schema='live_dev', identifier='v_orders') -%}
{% if execute %}relation: {{ rel }} {{ rel.type }} {{ gone }} {{ gone is none }} {{ seen.type }} {{ load_relation(rel) }}{% endif %}
{% for c in adapter.get_columns_in_relation(source('live', 'orders')) -%}
{{ c.name }}:{{ c.data_type }}:{{ c.dtype }}:{{ c.is_nullable }}
{% endfor -%}
exists: {{ adapter.check_schema_exists('', 'live_dev') }} {{ adapter.check_schema_exists('', 'nowhere') }}
{% if execute %}{% for c in adapter.get_column_schema_from_query("select 1 as a, 'x' as b") -%}{{ c.name }} {{ c.dtype }}, {% endfor %}
{{ get_columns_in_query("select 1 as a, 2 as b") }}{% endif %}
{% do run_query("create table if not exists live_dev.made (x UInt8) engine = Memory") -%}
done

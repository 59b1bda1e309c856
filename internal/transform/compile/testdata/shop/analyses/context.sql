{%- set r = api.Relation.create(database='', schema='s', identifier='t', type='view') -%}
{%- set c = api.Column('amount', 'Nullable(Decimal(18, 2))') -%}
{%- set l = api.Column('name', 'LowCardinality(Nullable(String))') -%}
this: {{ this }} {{ this.schema }} {{ this.identifier }} {{ this.name }} {{ this.table }} {{ this.type }} {{ this.database }}
ref: {{ ref('plans') }} {{ ref('plans').schema }} {{ ref('plans').render() }} {{ ref('eph_paid') }} {{ ref('toolbox', 'tb_days').identifier }}
source: {{ source('raw', 'orders').identifier }} {{ source('raw', 'orders').include(schema=false) }} {{ source('raw', 'orders').quote(identifier=false) }}
relation: {{ r }} {{ r.type }} {{ r.is_view }} {{ r.is_table }} {{ r.is_cte }} {{ r.include(identifier=false) }} {{ r.without_identifier() }} {{ [r] }} {{ r.incorporate(path={'identifier': 'u'}, type='table') }} {{ r.replace_path(schema='z') }} {{ r == api.Relation.create(schema='s', identifier='t', type='view') }} {{ r.derivative('_tmp') }}
constants: {{ api.Relation.View }} {{ api.Relation.Table }} {{ api.Relation.CTE }}
column: {{ c }} {{ c.name }} {{ c.column }} {{ c.dtype }} {{ c.data_type }} {{ c.is_nullable }} {{ c.is_numeric() }} {{ c.is_number() }} {{ c.is_string() }} {{ c.numeric_precision }} {{ c.numeric_scale }} {{ c.quoted }} {{ [c] }} {{ c.literal('1') }}
column: {{ l }} {{ l.data_type }} {{ l.is_string() }} {{ l.string_size() }} {{ l.char_size }} {{ api.Column.translate_type('TIMESTAMP') }} {{ api.Column.create('x', 'string') }} {{ api.Column.numeric_type('decimal', 10, 2) }}
target: {{ target.name }} {{ target.schema }} {{ target.type }} {{ target.profile_name }} {{ target.threads }} {{ target['name'] }} {{ target.get('nothing', 'd') }} [{{ target.database }}]
project: {{ project_name }} [{{ schema }}] [{{ database }}] {{ execute }}
vars: {{ var('start_date') }} {{ var('statuses') }} {{ var('missing', 'fallback') }} {{ var('missing', none) }} {{ var('region') }} {{ var('currency') }} {{ var.has_var('start_date') }} {{ var('statuses') | join('+') }}
env: {{ env_var('SHOP_REGION') }} {{ env_var('SHOP_NOTHING', 'd') }}
adapter: {{ adapter.type() }} {{ adapter.quote('a b') }} {{ adapter.dispatch('stamp', 'toolbox')() }} {{ adapter.get_clickhouse_cluster_name() }}
builtins: {{ builtins.ref('plans') }} {{ context['target'].name }} {{ context.get('nothing', 'none') }}
return: {{ toolbox.twice('x') }} {{ tojson({'b': [1, 2.5, none, true], 'a': 'é'}) }} {{ fromjson('{"a": [1, "b"]}').a[1] }} {{ toyaml({'a': [1, 'b']}) }} {{ fromyaml('{a: [x, 2]}').a }}
sets: {{ set([1, 1, 2]) | length }} {{ zip([1, 2], ['a', 'b']) | list }} {{ set_strict([3]) | list }} {{ zip_strict([1], [2]) | list }} {{ local_md5('hello') }} {{ diff_of_two_dicts({'A': ['x', 'y']}, {'a': ['X']}) }}
modules: {{ modules.datetime.datetime(2024, 1, 31).strftime('%Y/%m/%d') }} {{ modules.datetime.date(2024, 2, 28) + modules.datetime.timedelta(days=2) }} {{ modules.re.sub('[^a-z]', '_', 'a-b') }} {{ modules.re.match('(\\w+)@', 'me@x').group(1) }} {{ modules.itertools.chain([1], [2]) | list }} {{ modules.pytz.timezone('America/Bogota') }}
flags: {{ flags.FULL_REFRESH }} {{ flags.WHICH }} {{ flags.STORE_FAILURES }}
config: {{ config.get('materialized') }} {{ config.get('nothing', 'd') }} {{ config.get('nothing') }} {{ config.get('unique_key', 'd') }} {{ config.get('tags') }} {{ config.get('meta') }}
model: {{ model.name }} {{ model.unique_id }} {{ model.resource_type }} {{ model.config.materialized }} {{ model.package_name }} {{ model.path }} {{ model.original_file_path }} {{ model.fqn | join('.') }} {{ model.get('alias') }} {{ model['schema'] }}
graph: {% for n in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='unique_id') %}{{ n.name }}={{ n.config.materialized }} {% endfor %}
sources: {% for n in graph.sources.values() | sort(attribute='unique_id') %}{{ n.source_name }}.{{ n.name }}:{{ n.identifier }} {% endfor %}
graph: {{ graph.nodes['model.shop.customers'].columns.id.description }} {{ graph.nodes['model.shop.customers'].depends_on.nodes | sort }}
logging: [{{ log('hello') }}] [{{ exceptions.warn('careful') }}]
undefined: [{{ nothing_at_all }}] {{ nothing_at_all is defined }} {{ 'yes' if target.nothing is defined else 'no' }}
time: {{ run_started_at.strftime('%Y') | length }} {{ dbt_version.split('.')[0] }} {{ invocation_id | length }}
render: {{ render('{{ 1 + 1 }}') }} {{ try_or_compiler_error('bad', modules.datetime.datetime.strptime, '2024-01-02', '%Y-%m-%d') }}
macro: {{ cents_to_money('a', scale=3) }} {{ caller is defined }} {{ toolbox.stamp() }} {{ dbt.type_int() }}
where: {{ get_where_subquery(ref('plans')) }}
{# nothing of this is printed #}
{% do log('done', info=true) %}
end

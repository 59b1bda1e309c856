with __dbt__cte__eph_paid as (

-- only what was paid
select * from `shop_dev__staging`.`stg_orders` where status in ('paid', 'sent', 'delivered')
) this: `shop_dev`.`context` shop_dev context context context None 
ref: `shop_dev`.`plans` shop_dev `shop_dev`.`plans` `__dbt__cte__eph_paid` tb_days
source: orders_raw `orders_raw` `raw`.`orders_raw`
relation: `s`.`t` view True False False `s` `s` [<ClickHouseRelation `s`.`t`>] `s`.`u` `z`.`t` True `s`.`t_tmp`
constants: view table cte
column: amount Nullable(Nullable(Decimal(18, 2))) amount amount Decimal(18, 2) Nullable(Decimal(18, 2)) True True True False 18 2 "amount" [<ClickhouseColumn amount (Nullable(Decimal(18, 2)), is nullable: True)>] toDecimal(18, 2)(1)
column: name Nullable(LowCardinality(Nullable(String))) LowCardinality(Nullable(String)) True 256 None DateTime x String Decimal(10, 2)
target: dev shop_dev clickhouse shop 2 dev d []
project: shop [shop_dev] [] True
vars: 2024-01-01 ['paid', 'sent', 'delivered'] fallback None south never rendered True paid+sent+delivered
env: south d
adapter: clickhouse "a b" 'the shop' None
builtins: `shop_dev`.`plans` dev none
return: (x) * 2 {"b": [1, 2.5, null, true], "a": "\u00e9"} b a:
- 1
- b
 ['x', 2]
sets: 2 [(1, 'a'), (2, 'b')] [3] [(1, 2)] 5d41402abc4b2a76b9719d911017c592 {'A': ['y']}
modules: 2024/01/31 2024-03-01 a_b me [1, 2] America/Bogota
flags: True compile False
config: view d None None ['nightly'] {}
model: context analysis.shop.context analysis view shop analysis/context.sql analyses/context.sql shop.analysis.context context shop_dev
graph: customers=table daily=incremental eph_paid=ephemeral eph_totals=ephemeral status_counts=table stg_customers=view stg_orders=incremental tb_days=view 
sources: raw.customers:customers raw.orders:orders_raw 
graph: the customer's number ['model.shop.eph_totals', 'model.shop.stg_customers', 'model.toolbox.tb_days', 'seed.shop.plans']
logging: [] []
undefined: [] False no
time: 4 1 36
render: 2 2024-01-02 00:00:00
macro: toDecimal64(a / 100, 3) False 'the shop' Int32
where: `shop_dev`.`plans`


end
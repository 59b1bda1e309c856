create table days (day Date) engine = MergeTree order by day as
select toDate('2026-01-01') + number from numbers(120);

create table shops (code String, name String, region String, opened Date) engine = MergeTree order by code as
select
    concat('s', toString(number)) as code,
    concat('Shop ', toString(number)) as name,
    ['north', 'south', 'east'][number % 3 + 1] as region,
    toDate('2025-12-20') + number * 10 as opened
from numbers(6);

create table customers (id UInt32, city Nullable(String), plan String, since Date) engine = MergeTree order by id as
select
    number + 1 as id,
    if(number % 7 = 0, null, ['Lima', 'Quito', 'Cusco', 'O''Higgins'][number % 4 + 1]) as city,
    if(number % 3 = 0, 'pro', 'basic') as plan,
    toDate('2025-12-01') + number as since
from numbers(40);

-- Orders on most days, none on some; a shop that nobody has described, and a
-- customer likewise.
create table orders (
    id UInt64, customer UInt32, shop String, day Date, at DateTime64(3, 'UTC'), status String,
    amount Decimal(18, 2), units UInt8, previous_day Nullable(Date), next_day Nullable(Date)
) engine = MergeTree order by id as
with made as (
    select
        number as id,
        toUInt32(cityHash64(number, 1) % 43 + 1) as customer,
        concat('s', toString(cityHash64(number, 2) % 7)) as shop,
        toDateTime64('2026-01-03 00:00:00', 3, 'UTC') + toIntervalSecond(cityHash64(number, 3) % (86400 * 100)) as at,
        ['paid', 'paid', 'open', 'cancelled'][cityHash64(number, 4) % 4 + 1] as status,
        toDecimal64(cityHash64(number, 5) % 100000, 2) / 100 as amount,
        toUInt8(cityHash64(number, 6) % 5 + 1) as units
    from numbers(600)
    where toDayOfMonth(at) not in (7, 8, 9)
)
select
    id, customer, shop, toDate(at) as day, at, status, amount, units,
    any(toNullable(toDate(at))) over (partition by customer order by at, id rows between 1 preceding and 1 preceding) as previous_day,
    any(toNullable(toDate(at))) over (partition by customer order by at, id rows between 1 following and 1 following) as next_day
from made;

create table order_lines (id UInt64, order_id UInt64, sku String, quantity UInt8, price Decimal(18, 2)) engine = MergeTree order by id as
select
    order_id * 10 + line as id, order_id, concat('p', toString(cityHash64(order_id, line) % 9)) as sku,
    toUInt8(cityHash64(order_id, line, 7) % 4 + 1) as quantity, toDecimal64(cityHash64(order_id, line, 8) % 5000, 2) / 100 as price
from (select orders.id as order_id, arrayJoin(range(1 + orders.id % 3)) as line from orders);

create table skus (sku String, category String) engine = MergeTree order by sku as
select concat('p', toString(number)) as sku, if(number % 2 = 0, 'food', 'toys') as category from numbers(9);

create table visits (id UInt64, customer UInt32, source String, device String, at DateTime64(3, 'UTC')) engine = MergeTree order by id as
select
    number as id, toUInt32(cityHash64(number, 11) % 43 + 1) as customer,
    ['ads', 'search', 'direct'][cityHash64(number, 12) % 3 + 1] as source, ['phone', 'desk'][cityHash64(number, 13) % 2 + 1] as device,
    toDateTime64('2026-01-03 00:00:00', 3, 'UTC') + toIntervalSecond(cityHash64(number, 14) % (86400 * 100)) as at
from numbers(900);

create table stock (day Date, shop String, sku String, level Int64) engine = MergeTree order by (day, shop, sku) as
select
    toDate('2026-01-01') + number % 90 as day, concat('s', toString(intDiv(number, 90) % 5)) as shop,
    concat('p', toString(intDiv(number, 450))) as sku, toInt64(cityHash64(number, 21) % 100) as level
from numbers(90 * 5 * 4)
where cityHash64(number, 22) % 5 != 0;

create table plans (customer UInt32, tier String, valid_from DateTime64(3, 'UTC'), valid_to Nullable(DateTime64(3, 'UTC'))) engine = MergeTree order by customer as
select toUInt32(number + 1), 'bronze', toDateTime64('2025-01-01 00:00:00', 3, 'UTC'), toNullable(toDateTime64('2026-02-15 00:00:00', 3, 'UTC')) from numbers(40)
union all
select toUInt32(number + 1), 'gold', toDateTime64('2026-02-15 00:00:00', 3, 'UTC'), null from numbers(40);

create table latencies (hour DateTime('UTC'), route String, requests UInt64, durations AggregateFunction(quantilesExactWeighted(0.5, 0.9), UInt32, UInt8)) engine = MergeTree order by hour as
select
    toDateTime('2026-01-05 00:00:00', 'UTC') + toIntervalHour(number % 480) as hour, ['a', 'b'][number % 2 + 1] as route, count() as requests,
    quantilesExactWeightedState(0.5, 0.9)(toUInt32(cityHash64(number, 31) % 1000), toUInt8(1)) as durations
from numbers(4000)
group by hour, route;

create table traffic (day Date, scope String, shop String, sessions UInt64) engine = MergeTree order by (scope, day) as
select toDate(at) as day, 'all' as scope, '' as shop, count() as sessions from orders group by day
union all
select toDate(at), 'shop', shop, 2 * count() from orders group by toDate(at), shop

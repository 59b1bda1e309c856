-- Sessions of a day in the mart are those of the session tables, for the platform and stores.
select scope, date, sum(expected) as expected_sessions, sum(counted) as counted_sessions
from (
    select 'platform' as scope, date, 1 as expected, 0 as counted from {{ ref('sessions') }}
    union all
    select 'store', date, 1, 0 from {{ ref('store_sessions') }}
    union all
    select scope, date, 0, sessions from {{ ref('traffic_mart') }}
)
group by scope, date
having expected_sessions != counted_sessions

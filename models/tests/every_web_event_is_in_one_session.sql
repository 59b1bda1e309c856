-- Web events of people, by session_id: as many as the sessions hold.
select session_id, sum(expected) as expected_events, sum(held) as held_events
from (
    select session_id, 1 as expected, 0 as held
    from {{ ref('events_staging') }}
    where is_web and not is_bot and session_id != {{ no_id() }}
    union all
    select session_id, 0, events from {{ ref('sessions') }}
)
group by session_id
having expected_events != held_events

/* a comment stands before it */
with c as (
    select * from {{ ref('stg_customers') }}
), seen as (select 1 as x)

select c.id, c.name, t.total, p.code
from c
left join {{ ref('eph_totals') }} t on t.customer_id = c.id
left join {{ ref('plans') }} p on p.id = c.id
left join {{ ref('toolbox', 'tb_days') }} d on d.day = toDate(c.created_at)

{{ config(severity='error', tags=['slow']) }}
select o.id from {{ ref('stg_orders') }} o
left join {{ ref('eph_totals') }} t using (customer_id)
where t.customer_id = 0

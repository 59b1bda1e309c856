{{ config(tags=['events', 'daily'], full_refresh=false) }}
select 1 as id, 'a' as kind, now() as at

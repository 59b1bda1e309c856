{{ config(alias='customers') }}
select 1

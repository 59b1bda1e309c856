{{ config(materialized='insert_by_period') }}
select 1


    
    

with all_values as (

    select
        "status" as value_field,
        count(*) as n_records

    from `shop_dev__reporting`.`counts_by_status`
    group by "status"

)

select *
from all_values
where value_field not in (
    'paid','sent','delivered','2024-01-01'
)



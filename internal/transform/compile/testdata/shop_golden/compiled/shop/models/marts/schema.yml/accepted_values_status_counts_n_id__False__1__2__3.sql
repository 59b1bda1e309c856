
    
    

with all_values as (

    select
        n_id as value_field,
        count(*) as n_records

    from `shop_dev__reporting`.`counts_by_status`
    group by n_id

)

select *
from all_values
where value_field not in (
    1,2,3
)




    
    

with all_values as (

    select
        code as value_field,
        count(*) as n_records

    from `shop_dev`.`customers`
    group by code

)

select *
from all_values
where value_field not in (
    'basic','gold'
)



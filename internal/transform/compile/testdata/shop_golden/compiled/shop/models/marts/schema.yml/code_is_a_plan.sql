
    
    

with child as (
    select code as from_field
    from `shop_dev`.`customers`
    where code is not null
),

parent as (
    select code as to_field
    from `shop_dev`.`plans`
)

select
    from_field

from child
left join parent
    on child.from_field = parent.to_field

where parent.to_field is null
-- end_of_sql
settings join_use_nulls = 1



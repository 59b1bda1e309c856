
    
    

select
    "status" as unique_field,
    count(*) as n_records

from (select * from `shop_dev__reporting`.`counts_by_status` where status != '') dbt_subquery
where "status" is not null
group by "status"
having count(*) > 1



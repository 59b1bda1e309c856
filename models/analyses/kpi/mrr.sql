{#- mrr at the end of each month and its movements. -#}
select
    month,
    sum(movements.mrr) as mrr,
    sum(movements.previous_mrr) as previous_mrr,
    sum(movements.new_mrr) as new_mrr,
    sum(movements.expansion_mrr) as expansion_mrr,
    sum(movements.contraction_mrr) as contraction_mrr,
    sum(movements.churned_mrr) as churned_mrr,
    sum(movements.reactivated_mrr) as reactivated_mrr
from {{ ref('mrr_mart') }} as movements
group by month

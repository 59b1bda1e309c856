select s.id, e.kind from {{ ref('stg_sessions') }} s join {{ ref('helpers', 'calendar') }} e on 1

-- what dbt's cross-database helpers print
[any(x)]
[arrayPushBack(a, b)
]
[arrayConcat(a, b)
]
[
    [ 1 , 2 ]
    ]
[
    emptyArrayUInt8()
    ]
[max(x > 1) > 0]
[
    cast(x as Int8)
]
[
    cast(x as Int32)
]
[
  
    multiIf(x > 0, 'true', x = 0, 'false', NULL)

]
[a || b || 'c']
[to_date('2024-02-29', 'YYYY-MM-DD')]
[date_trunc('week', d)]
[

    dateadd(
        day,
        1,
        d
        )

]
[

    dateadd(
        month,
        -1,
        now()
        )

]
[datediff(
        hour,
        a,
        b
        )]
[(a = b)
]
[it''s]
[

    except

]
[

    intersect

]
[lower(hex(MD5(toString(x ))))]
[

    dateadd(
        day,
        -1,
        

    dateadd(
        month,
        1,
        date_trunc('month', d)
        )


        )

]
[

    length(
        x
    )]
[

    arrayStringConcat(array_agg(x), ',')]
[
      
      
      
      
        
      
      

      
    

    arrayStringConcat(arraySlice(arrayMap(x -> x.1, arrayReverseSort(x -> x.2, arrayZip(array_agg(x), array_agg(y)))), 1, 3), ';')
    ]
[
      
      
      
      
      

      
    

    arrayStringConcat(arrayMap(x -> x.1, arraySort(x -> x.2, arrayZip(array_agg(x), array_agg(y)))), '-')]
[

    position(
        'a' in x
    )]
[
   replaceAll(x,'a','b')
]
[

    right(
        x,
        2
    )]
[CAST(x AS Int8)]
[CAST(defaultValueOfTypeName('Enum(\'a\')') AS Enum('a'))]
[
    splitByString(',', x)[1]
]
['x']
[String DateTime Float32 Int32 bigint boolean Decimal(28, 6)]
[now()] [now()] [String]
[5]
[['20240227', '20240228', '20240229', '20240301', '20240302']]
[['20240227', '20240228']]
["a", "b c"]
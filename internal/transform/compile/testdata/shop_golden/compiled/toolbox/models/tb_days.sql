select toDate('2024-01-01') + number as day, 'tb' as prefix, 7 as width, (number) * 2 as n
from numbers(10)

columns: id, amount, status, created_at, tags, note ('id', 'amount', 'status', 'created_at', 'tags', 'note')
first: (1, 2) ['paid', 'sent'] amount
rows: 2 2 1 sent 10.50 (1, Decimal('10.50'), 'paid', datetime.datetime(2024, 1, 2, 3, 4, 5), '["a", "b"]', None)
1|10.50|paid|2024-01-02 03:04:05|["a", "b"]|None|('id', 'amount', 'status', 'created_at', 'tags', 'note')
2|7.00|sent|2024-02-03 00:00:00|[]|it's|('id', 'amount', 'status', 'created_at', 'tags', 'note')
sum: 3 2
data: [(2, datetime.date(2024, 2, 3), True, None)] 2 2
relation: `live_dev`.`orders` table None True view `live_dev`.`orders`
id:UInt32:UInt32:False
amount:Decimal(18, 2):Decimal(18, 2):False
status:LowCardinality(String):String:False
created_at:DateTime('UTC'):DateTime('UTC'):False
tags:Array(String):Array(String):False
note:Nullable(String):String:True
exists: True False
a UInt8, b String, 
['a', 'b']
done
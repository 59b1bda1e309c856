package pgtext

// fitting are the types that hold every value of a type of PostgreSQL's, by its OID,
// but for what ClickHouse has nothing for at all (NaN as a decimal, the year 10000).
// Arrays are not among them: their number of dimensions is a matter of the value.
var fitting = map[uint32]string{
	16: "Bool", 21: "Int16", 23: "Int32", 20: "Int64", 26: "UInt32", 700: "Float32", 701: "Float64",
	1700: "Decimal(76, 38)", // as wide as there is: the precision is not known
	1082: "Date32", 1114: "DateTime64(6, 'UTC')", 1184: "DateTime64(6, 'UTC')", 2950: "UUID",
}

// TypeOf is the type of a column that is made for a type of PostgreSQL's. What is none
// of the others is kept as its text.
func TypeOf(oid uint32) string {
	if t, ok := fitting[oid]; ok {
		return t
	}
	return "String"
}

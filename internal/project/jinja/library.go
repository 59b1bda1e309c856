package jinja

// library holds what Jinja2, Python and dbt offer to every template.
type library struct {
	filters, tests, builtins                                                                               table
	strMethods, listMethods, dictMethods, setMethods, tupleMethods, viewMethods, intMethods, floatMethods  table
	dateMethods, datetimeMethods, clockMethods, durationMethods, zoneMethods, patternMethods, matchMethods table
}

var stdlib = &library{
	filters: filterTable(), tests: testTable(), builtins: builtinTable(),
	strMethods: strTable(), listMethods: listTable(), dictMethods: dictTable(), setMethods: setTable(), tupleMethods: tupleTable(), viewMethods: viewTable(), intMethods: intTable(), floatMethods: floatTable(),
	dateMethods: dateTable(), datetimeMethods: datetimeTable(), clockMethods: clockTable(), durationMethods: durationTable(), zoneMethods: zoneTable(), patternMethods: patternTable(), matchMethods: matchTable(),
}

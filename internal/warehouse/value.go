package warehouse

import (
	"encoding/json"
	"math/big"
	"net"
	"reflect"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// plain turns what the driver scans into the values that Rows.Values promises:
// no pointers but *big.Int, wherever NULL may stand.
func plain(v reflect.Value) any {
	switch x := v.Interface().(type) {
	case *big.Int:
		if x == nil {
			return nil
		}
		return x
	case time.Time, uuid.UUID, decimal.Decimal, net.IP, []byte:
		return x
	case clickhouse.JSON:
		return rawJSON(&x)
	case clickhouse.Variant: // Dynamic is the same type
		if x.Nil() {
			return nil
		}
		return plain(reflect.ValueOf(x.Any()))
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem())
	case reflect.Slice:
		return plainSlice(v)
	case reflect.Map:
		return plainMap(v)
	}
	return v.Interface()
}

func rawJSON(j *clickhouse.JSON) any {
	b, err := json.Marshal(j)
	if err != nil {
		return j.NestedMap()
	}
	return json.RawMessage(b)
}

// plainSlice keeps slices of simple elements as they are: []uint64, []string.
func plainSlice(v reflect.Value) any {
	if simple(v.Type().Elem()) {
		return v.Interface()
	}
	out := make([]any, v.Len())
	for i := range out {
		out[i] = plain(v.Index(i))
	}
	return out
}

func plainMap(v reflect.Value) any {
	if simple(v.Type().Elem()) {
		return v.Interface()
	}
	anyType := reflect.TypeFor[any]()
	out := reflect.MakeMapWithSize(reflect.MapOf(v.Type().Key(), anyType), v.Len())
	for it := v.MapRange(); it.Next(); {
		value := reflect.Zero(anyType)
		if p := plain(it.Value()); p != nil {
			value = reflect.ValueOf(p)
		}
		out.SetMapIndex(it.Key(), value)
	}
	return out.Interface()
}

// simple reports whether plain would leave values of the type as they are.
func simple(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[uuid.UUID](), reflect.TypeFor[decimal.Decimal](),
		reflect.TypeFor[*big.Int](), reflect.TypeFor[net.IP]():
		return true
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Struct:
		return false
	case reflect.Slice, reflect.Map:
		return simple(t.Elem())
	}
	return true
}

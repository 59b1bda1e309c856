package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func TestHundredths(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "12.5": 1250, "44.80": 4480, "19.999": 1999, "-1.239": -123, "1e2": 10000, "1.5E-1": 15, "125e-2": 125,
		"9999999999999999.99": MaxMoney, "-9999999999999999.99": -MaxMoney, "0.009": 0, "0e999": 0, "1e-999": 0,
		"0.00000000000000000000000000000001e34": 10000, "0001": -1, "10000000000000000": -1, "99999999999999999999": -1, "1e400": -1,
		"1e9999": -1, "": -1, "-": -1, "1.": -1, ".5": -1, "+1": -1, "1e": -1, "12abc": -1, " 1": -1, "1 ": -1, "NaN": -1, "0x10": -1,
	} {
		got, ok := hundredths([]byte(text))
		if want == -1 && ok || want != -1 && (!ok || got != want) {
			t.Errorf("%q is %d, %v; want %d", text, got, ok, want)
		}
	}
}

// TestHundredthsExactly compares with exact arithmetic.
func TestHundredthsExactly(t *testing.T) {
	for range 20_000 {
		text := fmt.Sprintf("%d.%0*d", rand.Int64N(math.MaxInt64)>>rand.IntN(60), 1+rand.IntN(6), rand.IntN(10))
		if rand.IntN(2) == 0 {
			text += fmt.Sprintf("e%d", rand.IntN(9)-4)
		}
		exact, _ := new(big.Rat).SetString(text)
		exact.Mul(exact, big.NewRat(100, 1))
		whole := new(big.Int).Quo(exact.Num(), exact.Denom())
		fits := whole.Cmp(big.NewInt(MaxMoney)) <= 0
		got, ok := hundredths([]byte(text))
		if ok != fits || ok && got != whole.Int64() {
			t.Fatalf("%s is %d, %v; exactly it is %v", text, got, ok, whole)
		}
	}
}

func TestBasket(t *testing.T) {
	const id = "d22b2662-23d9-53c3-a35a-9d7fb286fa2f"
	product, err := ParseID([]byte(id))
	if err != nil {
		t.Fatal(err)
	}
	items := func(all ...BasketItem) []BasketItem { return all }
	for properties, want := range map[string]Basket{
		`{"product_id": "` + strings.ToUpper(id) + `", "quantity": 2, "total": 1}`:                          {ProductID: product, Total: 100},
		` { "x":{"total":5,"y":[1,"}"]} , "total" : "12.50" , "items":null} `:                               {Total: 1250},
		`{"tot\u0061l":1.5,"a\"b":"\\","items":[{"price":2,"quantity":3,"product_id":"` + id + `"}]}`:       {Total: 150, Items: items(BasketItem{product, 3, 200})},
		`{"items":[{"product_id":7,"quantity":2.0,"price":true},5,[],{"quantity":-1},{"quantity":"x"},{}]}`: {Items: items(BasketItem{Quantity: 2}, BasketItem{}, BasketItem{}, BasketItem{})},
		`{"items":[]}`: {}, `{}`: {}, ``: {}, `[]`: {}, `{"total":1`: {}, `{"total":1}}`: {}, `{"total":1,}`: {}, `{"total":01}`: {},
		`{"items":[{"price":1},]}`: {}, `{"product_id":"` + id: {}, `{"total":1,"x":nil}`: {}, `{"total":1,"x":"`: {}, `{"total":1,"x":[`: {},
	} {
		got := Basket{ProductID: product, Total: 7}
		got.Read([]byte(properties))
		if len(got.Items) == 0 {
			got.Items = nil
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s\nis %+v,\nwant %+v", properties, got, want)
		}
	}
}

func TestAmount(t *testing.T) {
	for item, want := range map[BasketItem]int64{
		{Quantity: 2, Price: 1990}:                   3980,
		{Quantity: 3, Price: -5}:                     -15,
		{Quantity: 1 << 31, Price: MaxMoney}:         math.MaxInt64,
		{Quantity: 1 << 31, Price: -MaxMoney}:        math.MinInt64,
		{Quantity: math.MaxUint64, Price: 1}:         math.MaxInt64,
		{Quantity: 0, Price: 7}:                      0,
		{Quantity: math.MaxInt64, Price: 1}:          math.MaxInt64,
		{Quantity: 10, Price: math.MaxInt64/10 + 1}:  math.MaxInt64,
		{Quantity: 10, Price: -math.MaxInt64/10 - 1}: math.MinInt64,
	} {
		if got := item.Amount(); got != want {
			t.Errorf("%+v is %d, want %d", item, got, want)
		}
	}
}

func FuzzBasket(f *testing.F) {
	f.Add([]byte(`{"product_id":"d22b2662-23d9-53c3-a35a-9d7fb286fa2f","total":1.5e1,"items":[{"quantity":2,"price":"3"}]}`))
	f.Fuzz(func(t *testing.T, properties []byte) {
		var b Basket
		b.Read(properties)
		var object map[string]json.RawMessage
		if json.Unmarshal(properties, &object) != nil || bytes.Count(properties, []byte("total")) != 1 || len(object["total"]) == 0 {
			return
		}
		total := object["total"]
		if want, ok := hundredths(total); ok && b.Total != want {
			t.Errorf("total %s is read as %d", total, b.Total)
		}
	})
}

func BenchmarkBasket(b *testing.B) {
	const purchase = `{"order_id":"0b9f3c50-6d8e-5a4e-9d0a-4d2f8f6f1c11","store_id":"bf13ffa7-2887-51d2-b11d-d3d2acbb9102","total":44.8,"subtotal":39.8,"delivery_fee":5,"items":[{"product_id":"d22b2662-23d9-53c3-a35a-9d7fb286fa2f","quantity":2,"price":19.9}],"payment_method":"card"}`
	var basket Basket
	b.ReportAllocs()
	for b.Loop() {
		basket.Read([]byte(purchase))
	}
}

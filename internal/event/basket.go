package event

import (
	"bytes"
	"math"

	"github.com/tiendi/tiendi/internal/jsonscan"
)

// Basket is what the properties of an event say about products and money. Money is
// in hundredths of the currency's unit.
type Basket struct {
	ProductID ID    // product_id
	Total     int64 // total
	Items     []BasketItem
}

// BasketItem is one of items.
type BasketItem struct {
	ProductID ID
	Quantity  uint64
	Price     int64 // of one
}

// Read reads properties in one go, using b's Items again. What is missing or of
// another kind than it should be is zero, as it is in the warehouse; so is all of
// it where the text is no JSON object.
func (b *Basket) Read(properties []byte) {
	*b = Basket{Items: b.Items[:0]}
	s := scanner{jsonscan.Scanner{Raw: properties, Simple: bytes.IndexByte(properties, '\\') < 0}}
	s.Space()
	ok := s.members(func(key []byte) bool {
		switch string(key) {
		case "product_id":
			return s.id(&b.ProductID)
		case "total":
			return s.money(&b.Total)
		case "items":
			b.Items = b.Items[:0]
			return s.elements(func() bool { return b.item(&s) })
		}
		return s.skip()
	})
	if s.Space(); !ok || s.Pos < len(s.Raw) {
		*b = Basket{Items: b.Items[:0]}
	}
}

func (b *Basket) item(s *scanner) bool {
	if s.Pos == len(s.Raw) || s.Raw[s.Pos] != '{' {
		return s.skip()
	}
	var item BasketItem
	var quantity int64
	ok := s.members(func(key []byte) bool {
		switch string(key) {
		case "product_id":
			return s.id(&item.ProductID)
		case "quantity":
			return s.money(&quantity)
		case "price":
			return s.money(&item.Price)
		}
		return s.skip()
	})
	if quantity > 0 && quantity%100 == 0 { // 2.0 is an integer to JSON Schema
		item.Quantity = uint64(quantity / 100)
	}
	b.Items = append(b.Items, item)
	return ok
}

// Amount is what the item costs, math.MaxInt64 or math.MinInt64 where that is more.
func (i *BasketItem) Amount() int64 {
	if i.Quantity == 0 || i.Price == 0 {
		return 0
	}
	if i.Quantity <= math.MaxInt64 {
		if amount := i.Price * int64(i.Quantity); amount/int64(i.Quantity) == i.Price {
			return amount
		}
	}
	if i.Price < 0 {
		return math.MinInt64
	}
	return math.MaxInt64
}

package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// readRecount reads the tables of one folder and the event files of another,
// in the order of their names.
func readRecount(t testing.TB, tables string, eventFiles ...string) *recount {
	t.Helper()
	r := &recount{counted: map[string]figures{}}
	r.readSubscriptions(t, tables)
	r.readUsers(t, tables)
	r.readStores(t, tables)
	r.readProducts(t, tables)
	r.readItems(t, tables)
	r.readOrders(t, tables)
	seen, most := map[string]bool{}, map[string]int{}
	for _, name := range eventFiles {
		r.readEvents(t, name, seen, most)
	}
	for _, times := range most {
		r.rawLines += times
	}
	r.cutSessions()
	return r
}

func (r *recount) readEvents(t testing.TB, name string, seen map[string]bool, most map[string]int) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines, here := bufio.NewScanner(f), map[string]int{}
	for lines.Scan() {
		var e shopEvent
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatalf("%s: %v in %s", name, err, lines.Text())
		}
		r.lines++
		here[lines.Text()]++
		most[lines.Text()] = max(most[lines.Text()], here[lines.Text()])
		if !seen[e.ID] {
			seen[e.ID] = true
			r.events = append(r.events, e)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// table gives the rows of a CSV file by column.
func table(t testing.TB, folder, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(folder, name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

package forget

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Source is the shop's own database. It is only read: what is in it is the shop's to
// delete.
type Source struct {
	URL    string
	Tables []string // name or schema.name
}

// sourceTimeout bounds a look at a table; columns of ids need not be indexed.
const sourceTimeout = "60s"

// Look says in which tables they are.
func (s *Source) Look(ctx context.Context, p *People) (found []Found, err error) {
	config, err := pgx.ParseConfig(s.URL)
	if err != nil {
		return nil, errors.New("the URL of the shop's database cannot be read: write postgres://user:password@host:5432/database")
	}
	db, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("the shop's database at %s cannot be asked whether they are still in it: %w", config.Host, err)
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()
	tx, err := db.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = '"+sourceTimeout+"'"); err != nil {
		return nil, err
	}
	for _, table := range s.Tables {
		n, err := lookAtSource(ctx, tx, table, p)
		if err != nil {
			return nil, fmt.Errorf("look through %s of the shop's database: %w", table, err)
		}
		if n > 0 {
			found = append(found, Found{Place: "source", Object: table, Count: n, Unit: "row"})
		}
	}
	return found, nil
}

// lookAtSource counts a table's rows with one of their users or texts.
func lookAtSource(ctx context.Context, tx pgx.Tx, table string, p *People) (n uint64, err error) {
	named := pgx.Identifier(strings.SplitN(table, ".", 2)).Sanitize()
	rows, err := tx.Query(ctx, `SELECT attname, atttypid = 'uuid'::regtype FROM pg_attribute
WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND atttypid IN ('uuid'::regtype, 'text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)`, named)
	if err != nil {
		return 0, err
	}
	type attribute struct {
		Name string
		IsID bool
	}
	attributes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[attribute])
	if err != nil || len(attributes) == 0 {
		return 0, err
	}
	var any []string
	for _, a := range attributes {
		name := pgx.Identifier{a.Name}.Sanitize()
		if a.IsID {
			any = append(any, name+" = ANY($1::uuid[])")
		} else {
			any = append(any, "lower("+name+") = ANY($2::text[])")
		}
	}
	var ids, texts []string
	for _, k := range p.Known {
		switch k.Kind {
		case User:
			ids, texts = append(ids, k.Old), append(texts, k.Old, withoutHyphens(k.Old))
		case Text:
			texts = append(texts, k.Old)
		}
	}
	sql := "SELECT count(*) FROM " + named + " WHERE $1::uuid[] IS NOT NULL AND $2::text[] IS NOT NULL AND (" + strings.Join(any, " OR ") + ")"
	return n, tx.QueryRow(ctx, sql, ids, texts).Scan(&n)
}

// escapeLike makes a text stand for itself in a pattern of LIKE.
func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// askSource asks whether they would come back.
func (r *runner) askSource(ctx context.Context) error {
	if r.Source == nil {
		return nil
	}
	r.Tell("asking the shop's database")
	found, err := r.Source.Look(ctx, r.people)
	if err != nil || len(found) == 0 {
		return err
	}
	r.proof.add(found)
	where := tables(found)
	if asked := r.ofThisRun(); len(asked.Known) > 0 && !r.DryRun && !r.DespiteSource {
		found, err := r.Source.Look(ctx, asked)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("%w: %s\n  delete or anonymise them there first, let tiendi cdc and tiendi stream pass it on, and run again;\n  or go on with --despite-source, and run again once they are gone", ErrInSource, tables(found))
		}
	}
	r.proof.Notes = append(r.proof.Notes, "the shop's own database has them, and any change of those rows brings them back: "+where)
	return nil
}

// ofThisRun are those whom the command names, without those of open requests.
func (r *runner) ofThisRun() *People {
	return NewPeople(slices.DeleteFunc(slices.Clone(r.people.Known), func(k Pseudonym) bool {
		return !slices.Contains(r.Users, k.Old) && !(k.Kind == Text && slices.ContainsFunc(r.Texts, func(t string) bool { return strings.EqualFold(t, k.Old) }))
	}), nil)
}

func tables(found []Found) string {
	var all []string
	for _, f := range found {
		all = append(all, fmt.Sprintf("%s (%d)", f.Object, f.Count))
	}
	return strings.Join(all, ", ")
}

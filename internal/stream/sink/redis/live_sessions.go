package redis

import (
	"context"
	"strings"

	"github.com/tiendi/tiendi/internal/event"
)

const liveSessions = "tiendi:live:sessions:"

// scanned is how many keys or members are asked for at once.
const scanned = 1000

// LiveSessions counts the members of all lists of live sessions that are of some
// sessions, and removes them where it is told to. A session that is still open is listed
// again with its next event.
func (t *Target) LiveSessions(ctx context.Context, of func(session [16]byte) bool, remove bool) (n uint64, err error) {
	lists := t.client.Scan(ctx, 0, liveSessions+"*", scanned).Iterator()
	for lists.Next(ctx) {
		members, err := t.membersOf(ctx, lists.Val(), of)
		if err == nil && remove && len(members) > 0 {
			err = t.client.ZRem(ctx, lists.Val(), members...).Err()
		}
		if err != nil {
			return n, t.describe("live sessions", err)
		}
		n += uint64(len(members))
	}
	return n, t.describe("live sessions", lists.Err())
}

// membersOf are those of a list that are of some sessions: session/start.
func (t *Target) membersOf(ctx context.Context, list string, of func(session [16]byte) bool) (members []any, err error) {
	scores := false
	each := t.client.ZScan(ctx, list, 0, "", scanned).Iterator()
	for each.Next(ctx) {
		if scores = !scores; !scores {
			continue // every other one is a score
		}
		text, _, _ := strings.Cut(each.Val(), "/")
		if id, err := event.ParseID([]byte(text)); err == nil && of(id) {
			members = append(members, each.Val())
		}
	}
	return members, each.Err()
}

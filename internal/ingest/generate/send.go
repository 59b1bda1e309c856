package generate

import "github.com/tiendi/tiendi/internal/event"

// send emits a web event with the properties in v.props, unless the range is
// over.
func (v *session) send(typ event.Type) bool {
	if v.at >= v.w.to {
		v.over = true
		return false
	}
	v.ev.Type = typ
	v.ev.SessionID = v.id
	v.ev.UserID = event.ID{}
	if v.known {
		v.ev.UserID = v.user.id
	}
	v.ev.Context = v.page
	v.put(&v.rng, v.at)
	if v.bot {
		v.tally.BotEvents++
		return true
	}
	if v.lastWeb == 0 || v.at-v.lastWeb > sessionGap {
		v.tally.Sessions++
	}
	v.lastWeb = v.at
	if v.rng.chance(90) {
		v.apiRequest(typ)
	}
	return !v.over
}

// sendServer emits an event that the platform's server sends of this visit:
// it knows the address and the user agent, and has a session id of its own.
func (v *session) sendServer(typ event.Type, at int64) bool {
	if at >= v.w.to {
		return false
	}
	v.ev.Type = typ
	v.ev.SessionID = v.rng.id()
	v.ev.UserID = event.ID{}
	if v.known {
		v.ev.UserID = v.user.id
	}
	v.ev.Context = event.Context{IP: v.page.IP, UserAgent: v.page.UserAgent}
	v.put(&v.rng, at)
	return true
}

// Package auth says who calls the API, by a JSON Web Token (RFC 7519) that another system
// has signed: the shop's own login, or an identity provider.
//
// A token is believed only when all of this holds: its algorithm is one of those that are
// pinned, and none of the other kind of key (RFC 8725, 3.1); its signature is that of the
// shared secret, or of a key of the issuer's key set (RFC 7517); issuer and audience are
// the configured ones; it has an expiry that lies ahead, and no critical header, since
// none is understood here (RFC 7515, 4.1.11). What it may do is in two claims: "stores",
// the ids of the stores whose rows it may see, and "scope" (RFC 8693, 4.2).
package auth

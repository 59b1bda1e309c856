package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxKeyText is how long a text in a key may be: an index holds no entry of more
// than a third of a page.
const maxKeyText = 512

// plainText is a text that PostgreSQL takes: UTF-8, without zero bytes. Pages and
// agents may send anything, and one that it refuses would stop the partition.
func plainText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "�")
}

// keyText is plainText in a key. One that is too long becomes its beginning and its
// hash, so that two of them stay two.
func keyText(s string) string {
	s = plainText(s)
	if len(s) <= maxKeyText {
		return s
	}
	hash := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:maxKeyText/2], "") + "…" + hex.EncodeToString(hash[:10])
}

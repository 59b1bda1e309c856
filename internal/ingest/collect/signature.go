package collect

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// tolerance is how old a signature may be that says when it was made.
const tolerance = 5 * time.Minute

// maxSignatures bounds how many of a header's signatures are tried.
const maxSignatures = 8

// Schemes of signatures: all are HMAC-SHA-256, and differ in what is signed and
// how it is written.
const (
	schemeStripe  = "stripe"  // Stripe-Signature: t=…,v1=…, of the time, a dot, and the body
	schemeGitHub  = "github"  // X-Hub-Signature-256: sha256=…, of the body
	schemeShopify = "shopify" // X-Shopify-Hmac-SHA256: base64, of the body
)

// genuine says whether one of the secrets has signed the body.
func genuine(scheme string, secrets []string, header http.Header, body []byte, now time.Time) bool {
	var signatures [][]byte
	var stamp []byte
	switch scheme {
	case schemeStripe:
		var at time.Time
		stamp, at, signatures = stripeSignatures(header.Get("Stripe-Signature"))
		if now.Sub(at).Abs() > tolerance {
			return false
		}
	case schemeGitHub:
		text, _ := strings.CutPrefix(header.Get("X-Hub-Signature-256"), "sha256=")
		signatures = appendDecoded(signatures, text, hex.DecodeString)
	case schemeShopify:
		signatures = appendDecoded(signatures, header.Get("X-Shopify-Hmac-Sha256"), base64.StdEncoding.DecodeString)
	}
	match := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(stamp)
		mac.Write(body)
		sum := mac.Sum(nil)
		for _, s := range signatures {
			match = hmac.Equal(s, sum) || match
		}
	}
	return match
}

// stripeSignatures reads t=1700000000,v1=hex,v1=hex; while a secret is rotated
// there is a signature by each. stamp is what is signed before the body.
func stripeSignatures(header string) (stamp []byte, at time.Time, signatures [][]byte) {
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			seconds, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return nil, time.Time{}, nil
			}
			stamp, at = []byte(value+"."), time.Unix(seconds, 0)
		case "v1":
			signatures = appendDecoded(signatures, value, hex.DecodeString)
		}
	}
	if stamp == nil {
		return nil, time.Time{}, nil
	}
	return stamp, at, signatures
}

func appendDecoded(all [][]byte, text string, decode func(string) ([]byte, error)) [][]byte {
	sum, err := decode(text)
	if err != nil || len(sum) != sha256.Size || len(all) == maxSignatures {
		return all
	}
	return append(all, sum)
}

package awsproto

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	signingAlgorithm = "AWS4-HMAC-SHA256"
	amzDateFormat    = "20060102T150405Z"
	// maxClockSkew is how old or new a signature may be ("Troubleshooting AWS
	// SigV4", IAM guide).
	maxClockSkew = 15 * time.Minute
)

// Reasons why a signature is refused. Each protocol has its own code for each.
var (
	errUnsigned     = errors.New("the request carries no AWS Signature Version 4")
	errUnknownKey   = errors.New("nobody has this access key")
	errBadSignature = errors.New("the signature does not match")
	errExpired      = errors.New("the signature is too old or from the future")
	errIncomplete   = errors.New("the Authorization header is incomplete")
)

// authorization is a parsed Authorization header.
type authorization struct {
	accessKey     string
	date          string // of the credential scope, YYYYMMDD
	region        string
	service       string
	signedHeaders []string
	signature     string
}

// parseAuthorization reads the header form of SigV4; query-string signing is
// for presigned URLs, which no management call uses.
func parseAuthorization(header string) (authorization, error) {
	fields, found := strings.CutPrefix(header, signingAlgorithm+" ")
	if !found {
		return authorization{}, errUnsigned
	}
	var a authorization
	for field := range strings.SplitSeq(fields, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch name {
		case "Credential":
			parts := strings.Split(value, "/")
			if len(parts) != 5 || parts[4] != "aws4_request" {
				return authorization{}, fmt.Errorf("%w: credential %q is not KEY/DATE/REGION/SERVICE/aws4_request", errIncomplete, value)
			}
			a.accessKey, a.date, a.region, a.service = parts[0], parts[1], parts[2], parts[3]
		case "SignedHeaders":
			a.signedHeaders = strings.Split(value, ";")
		case "Signature":
			a.signature = value
		}
	}
	if a.accessKey == "" || a.signature == "" || !slices.Contains(a.signedHeaders, "host") {
		return authorization{}, errIncomplete
	}
	return a, nil
}

// verify signs the request again with the caller's secret and compares.
// The SDK's signer does the work, over a copy that has only the headers that
// the client signed.
func (a authorization) verify(r *http.Request, payload []byte, secret string, now time.Time) error {
	signedAt, err := time.Parse(amzDateFormat, r.Header.Get("X-Amz-Date"))
	if err != nil || signedAt.Format("20060102") != a.date {
		return fmt.Errorf("%w: X-Amz-Date %q does not fit the credential's date %s", errIncomplete, r.Header.Get("X-Amz-Date"), a.date)
	}
	if now.Sub(signedAt).Abs() > maxClockSkew {
		return fmt.Errorf("%w: signed at %s, now it is %s", errExpired, signedAt.Format(amzDateFormat), now.UTC().Format(amzDateFormat))
	}

	again := &http.Request{Method: r.Method, Host: r.Host, Header: http.Header{}}
	again.URL = &url.URL{Scheme: "http", Host: r.Host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	for _, name := range a.signedHeaders {
		switch name {
		case "host":
		case "content-length":
			again.ContentLength = int64(len(payload))
		default:
			again.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
		}
	}
	sum := sha256.Sum256(payload)
	credentials := aws.Credentials{AccessKeyID: a.accessKey, SecretAccessKey: secret}
	if err := v4.NewSigner().SignHTTP(context.Background(), credentials, again, hex.EncodeToString(sum[:]), a.service, a.region, signedAt); err != nil {
		return fmt.Errorf("%w: %w", errBadSignature, err)
	}
	want, err := parseAuthorization(again.Header.Get("Authorization"))
	if err != nil || want.signature != a.signature {
		return errBadSignature
	}
	return nil
}

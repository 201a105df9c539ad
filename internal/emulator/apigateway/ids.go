package apigateway

import (
	"crypto/rand"
	"math/big"
)

// Lengths of the ids that API Gateway gives out.
const (
	apiIDLength        = 10
	resourceIDLength   = 6
	deploymentIDLength = 6
	regionalNameLength = 10
	distributionLength = 13
)

// newID makes an id of lower-case letters and digits that is not taken yet.
func newID(length int, taken func(string) bool) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	for {
		id := make([]byte, length)
		for i := range id {
			n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
			if err != nil {
				panic("the operating system gives no random numbers: " + err.Error())
			}
			id[i] = alphabet[n.Int64()]
		}
		if !taken(string(id)) {
			return string(id)
		}
	}
}

func isKey[V any](m map[string]V) func(string) bool {
	return func(key string) bool {
		_, found := m[key]
		return found
	}
}

package apigateway

import (
	"encoding/base64"
	"strconv"
)

// Page sizes of every list ("limit: The maximum number of returned results per
// page. The default value is 25 and the maximum value is 500", API reference).
const (
	defaultPageSize = 25
	maxPageSize     = 500
)

// list is how API Gateway writes collections.
type list[T any] struct {
	Items    []T    `json:"item"`
	Position string `json:"position,omitempty"`
}

// page cuts the part of the items that the query's limit and position ask for.
func page[T any](c *call, items []T) (answer, error) {
	query := c.URL.Query()
	limit := defaultPageSize
	if asked := query.Get("limit"); asked != "" {
		number, err := strconv.Atoi(asked)
		if err != nil || number > maxPageSize {
			return refused(badRequest("Invalid limit specified: %s. Must be between 1 and %d", asked, maxPageSize))
		}
		if number > 0 { // -1 was taken as none (recorded by LocalStack's validated test_negative_get_usage_plan_api_keys)
			limit = number
		}
	}
	start := 0
	if position := query.Get("position"); position != "" {
		decoded, err := base64.RawURLEncoding.DecodeString(position)
		number, parseErr := strconv.Atoi(string(decoded))
		if err != nil || parseErr != nil || number < 0 {
			return refused(badRequest("Invalid position parameter specified"))
		}
		start = min(number, len(items))
	}
	end := min(start+limit, len(items))
	result := list[T]{Items: items[start:end]}
	if end < len(items) {
		result.Position = base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(end)))
	}
	return ok(result)
}

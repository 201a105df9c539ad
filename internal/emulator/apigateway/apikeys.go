package apigateway

import (
	"crypto/rand"
	"slices"
	"strings"
	"unicode/utf8"

	"apigateway-maintenance/internal/emulator/definition"
)

// Limits of API keys (recorded by LocalStack's validated
// TestApigatewayApiKeysCrud; that of the description is AWS's published one).
const (
	maxKeyName        = 1024 // characters
	maxKeyDescription = 125000
	minKeyValue       = 20
	maxKeyValue       = 128
	keyValueLength    = 40
)

func createAPIKey(c *call) (answer, error) {
	var in struct {
		definition.APIKey
		GenerateDistinctID bool `json:"generateDistinctId"`
		StageKeys          []struct {
			APIID string `json:"restApiId"`
			Stage string `json:"stageName"`
		} `json:"stageKeys"`
	}
	if c.URL.Query().Get("mode") == "import" {
		return refused(unsupported("importing API keys"))
	}
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	if len(in.StageKeys) > 0 {
		return refused(unsupported("stageKeys of an API key, which usage plans have replaced"))
	}
	key := &in.APIKey
	if err := checkAPIKey(key); err != nil {
		return refused(err)
	}
	if key.Value == "" {
		key.Value = rand.Text() + rand.Text()[:keyValueLength-26]
	}
	for _, other := range c.region.apiKeys {
		if other.Value == key.Value {
			return refused(conflict("API Key already exists"))
		}
	}
	key.ID, key.StageKeys = newID(apiIDLength, isKey(c.region.apiKeys)), []string{}
	key.CreatedDate, key.LastUpdatedDate = c.service.now(), c.service.now()
	c.region.apiKeys[key.ID] = key
	return created(key)
}

func checkAPIKey(k *definition.APIKey) error {
	switch {
	case utf8.RuneCountInString(k.Name) > maxKeyName:
		return badRequest("Invalid API Key name, can be at most 1024 characters.")
	case utf8.RuneCountInString(k.Description) > maxKeyDescription:
		return badRequest("Invalid API Key description specified.")
	case k.Value != "" && len(k.Value) < minKeyValue:
		return badRequest("API Key value should be at least 20 characters")
	case len(k.Value) > maxKeyValue:
		return badRequest("API Key value exceeds maximum size of 128 characters")
	}
	return checkTags(k.Tags)
}

// shownKey is a key as a single answer shows it: with its tags even where there
// are none, and with its value only if that was asked for.
type shownKey struct {
	definition.APIKey
	Tags map[string]string `json:"tags"`
}

func showKey(k *definition.APIKey, withValue bool) shownKey {
	shown := shownKey{APIKey: *k, Tags: k.Tags}
	if shown.Tags == nil {
		shown.Tags = map[string]string{}
	}
	if !withValue {
		shown.Value = ""
	}
	return shown
}

func getAPIKeys(c *call) (answer, error) {
	query := c.URL.Query()
	keys := []definition.APIKey{}
	for _, key := range newestFirst(c.region.apiKeys) {
		if !strings.HasPrefix(key.Name, query.Get("name")) || !strings.HasPrefix(key.CustomerID, query.Get("customerId")) {
			continue
		}
		shown := *key
		if query.Get("includeValues") != "true" {
			shown.Value = ""
		}
		keys = append(keys, shown)
	}
	return page(c, keys)
}

func newestFirst(keys map[string]*definition.APIKey) []*definition.APIKey {
	sorted := sortedValues(keys)
	slices.SortStableFunc(sorted, func(a, b *definition.APIKey) int { return b.CreatedDate.Compare(a.CreatedDate.Time) })
	return sorted
}

func (c *call) apiKey() (*definition.APIKey, error) {
	key := c.region.apiKeys[c.PathValue("api_key_id")]
	if key == nil {
		return nil, notFound("Invalid API Key identifier specified")
	}
	return key, nil
}

func getAPIKey(c *call) (answer, error) {
	key, err := c.apiKey()
	if err != nil {
		return refused(err)
	}
	return ok(showKey(key, c.URL.Query().Get("includeValue") == "true"))
}

func updateAPIKey(c *call) (answer, error) {
	patches, err := c.patches("updateApiKeyInput")
	if err != nil {
		return refused(err)
	}
	current, err := c.apiKey()
	if err != nil {
		return refused(err)
	}
	key := *current
	for _, p := range patches {
		if err := patchNamed(p, patchTable{
			"/description": func(v *string) error { key.Description = text(v); return nil },
			"/enabled":     func(v *string) error { key.Enabled = isTrue(v); return nil },
			"/name":        func(v *string) error { key.Name = text(v); return nil },
			"/customerId":  func(v *string) error { key.CustomerID = text(v); return nil },
		}, "/description", "/enabled", "/name", "/customerId"); err != nil {
			return refused(err)
		}
	}
	if err := checkAPIKey(&key); err != nil {
		return refused(err)
	}
	key.LastUpdatedDate = c.service.now()
	c.region.apiKeys[key.ID] = &key
	return ok(showKey(&key, false))
}

func deleteAPIKey(c *call) (answer, error) {
	key, err := c.apiKey()
	if err != nil {
		return refused(err)
	}
	delete(c.region.apiKeys, key.ID)
	for _, plan := range c.region.usagePlans {
		plan.Keys = slices.DeleteFunc(plan.Keys, func(id string) bool { return id == key.ID })
	}
	return accepted()
}

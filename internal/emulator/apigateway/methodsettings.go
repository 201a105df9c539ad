package apigateway

import (
	"slices"
	"strconv"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// Throttling of a stage that nobody limited: the account's (fact F2; recorded
// by LocalStack's validated test_update_stage_remove_wildcard).
const (
	accountRateLimit  = 10000 // requests a second
	accountBurstLimit = 5000  // requests
)

func newMethodSetting() *definition.MethodSetting {
	return &definition.MethodSetting{
		ThrottlingBurstLimit: accountBurstLimit, ThrottlingRateLimit: accountRateLimit, CacheTTLInSeconds: 300,
		RequireAuthorizationForCacheControl:    true,
		UnauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
	}
}

// methodSettingKey spells a method as the stage's answer does: the resource's
// path without its first slash and with the others as ~1, then the verb. The
// root is ~1 itself.
func methodSettingKey(resource, verb string) string {
	if rest := strings.TrimPrefix(resource, "~1"); rest != "" {
		resource = rest
	}
	return resource + "/" + verb
}

func removeMethodSetting(stage *definition.Stage, p patchOperation) error {
	path := strings.TrimPrefix(*p.Path, "/")
	resource, verb, _ := strings.Cut(path, "/")
	key := methodSettingKey(resource, verb)
	if stage.MethodSettings[key] == nil {
		return badRequest("Cannot remove method setting %s because there is no method setting for this method ", path)
	}
	delete(stage.MethodSettings, key)
	return nil
}

func patchMethodSetting(stage *definition.Stage, p patchOperation) error {
	segments := strings.Split(strings.TrimPrefix(*p.Path, "/"), "/")
	if len(segments) != 4 || segments[0] == "" || (segments[1] != "*" && !slices.Contains(verbs, segments[1])) {
		return badRequest("Invalid method setting path: %s. Must be one of: [%s]", *p.Path, stagePaths)
	}
	if p.Op != "replace" && p.Op != "add" {
		return badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
	}
	key := methodSettingKey(segments[0], segments[1])
	setting := stage.MethodSettings[key]
	if setting == nil {
		setting = newMethodSetting()
		// A method begins with what holds for all of them (recorded by LocalStack's
		// validated test_create_update_stages).
		if all := stage.MethodSettings["*/*"]; all != nil {
			*setting = *all
		}
	}
	if err := setMethodSetting(setting, segments[2]+"/"+segments[3], p); err != nil {
		return err
	}
	stage.MethodSettings[key] = setting
	return nil
}

func setMethodSetting(s *definition.MethodSetting, name string, p patchOperation) (err error) {
	switch name {
	case "metrics/enabled":
		s.MetricsEnabled = isTrue(p.Value)
	case "logging/dataTrace":
		s.DataTraceEnabled = isTrue(p.Value)
	case "logging/loglevel":
		if !slices.Contains([]string{"OFF", "ERROR", "INFO"}, p.value()) {
			return badRequest("Invalid logging level specified. Must be one of: [OFF, ERROR, INFO]")
		}
		s.LoggingLevel = p.value()
	case "throttling/burstLimit":
		s.ThrottlingBurstLimit, err = number(p, strconv.Atoi)
	case "throttling/rateLimit":
		s.ThrottlingRateLimit, err = number(p, func(v string) (float64, error) { return strconv.ParseFloat(v, 64) })
	case "caching/ttlInSeconds":
		s.CacheTTLInSeconds, err = number(p, strconv.Atoi)
	case "caching/enabled":
		s.CachingEnabled = isTrue(p.Value)
	case "caching/dataEncrypted":
		s.CacheDataEncrypted = isTrue(p.Value)
	case "caching/requireAuthorizationForCacheControl":
		s.RequireAuthorizationForCacheControl = isTrue(p.Value)
	case "caching/unauthorizedCacheControlHeaderStrategy":
		if !slices.Contains([]string{"FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"}, p.value()) {
			return badRequest("Invalid unauthorized cache control header strategy specified")
		}
		s.UnauthorizedCacheControlHeaderStrategy = p.value()
	default:
		return badRequest("Invalid method setting path: %s. Must be one of: [%s]", *p.Path, stagePaths)
	}
	return err
}

// number reads a limit, where -1 means none.
func number[N int | float64](p patchOperation, parse func(string) (N, error)) (N, error) {
	n, err := parse(p.value())
	if err != nil || (n < 0 && n != -1) {
		return 0, badRequest("Invalid value %s for %s: must be a number that is not negative, or -1", p.value(), *p.Path)
	}
	return n, nil
}

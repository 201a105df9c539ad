package execution

import (
	"strings"
	"sync"

	"golang.org/x/time/rate"

	"apigateway-maintenance/internal/emulator/definition"
)

// limiters hold the token buckets of stages and methods. They outlive views,
// so that a change elsewhere does not refill them.
type limiters struct {
	buckets sync.Map // bucketKey -> *rate.Limiter
}

type bucketKey struct {
	api, stage, setting string
	rate                float64
	burst               int
}

// allow takes a token from the bucket of the method, else of the stage. A
// limit of -1 is none; 0 refuses everything (fact F2).
func (l *limiters) allow(c *call) bool {
	settings := c.place.stage.Stage.MethodSettings
	if len(settings) == 0 {
		return true
	}
	name, setting := methodSetting(settings, c.method)
	if setting == nil || setting.ThrottlingRateLimit < 0 || setting.ThrottlingBurstLimit < 0 {
		return true
	}
	key := bucketKey{c.place.apiID, c.place.stage.Stage.Name, name, setting.ThrottlingRateLimit, setting.ThrottlingBurstLimit}
	bucket, ok := l.buckets.Load(key)
	if !ok {
		fresh := rate.NewLimiter(rate.Limit(key.rate), key.burst)
		bucket, _ = l.buckets.LoadOrStore(key, fresh)
	}
	return bucket.(*rate.Limiter).AllowN(c.start, 1)
}

// methodSetting finds the setting of a method, or the stage's "*/*". Keys come
// as "resource~1path/METHOD", with or without a first slash.
func methodSetting(settings map[string]*definition.MethodSetting, m *method) (string, *definition.MethodSetting) {
	for name, setting := range settings {
		at := strings.LastIndexByte(name, '/')
		if at < 0 {
			continue
		}
		path := strings.ReplaceAll(name[:at], "~1", "/")
		if strings.Trim(path, "/") == strings.Trim(m.resourcePath, "/") && name[at+1:] == m.verb {
			return name, setting
		}
	}
	return "*/*", settings["*/*"]
}

package apigateway

import (
	"maps"
	"strings"
	"unicode/utf8"
)

// Limits of tags ("Restrictions on API Gateway resource tags", developer guide).
const (
	maxTags        = 50
	maxTagKeyLen   = 128 // characters
	maxTagValueLen = 256 // characters
)

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return badRequest("A resource can have at most %d tags", maxTags)
	}
	for _, key := range sortedKeys(tags) {
		switch {
		case key == "" || utf8.RuneCountInString(key) > maxTagKeyLen:
			return badRequest("Invalid tag key %q: it must have 1 to %d characters", key, maxTagKeyLen)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return badRequest("Invalid tag key %q: the prefix aws: is reserved", key)
		case utf8.RuneCountInString(tags[key]) > maxTagValueLen:
			return badRequest("Invalid tag value of key %q: it must have at most %d characters", key, maxTagValueLen)
		}
	}
	return nil
}

// tagged gives the tags of the object whose ARN the path names.
func (c *call) tagged() (*map[string]string, error) {
	arn := c.PathValue("resource_arn")
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "apigateway" {
		return nil, badRequest("Invalid ARN specified in the request: %s", arn)
	}
	if parts[3] != c.region.name {
		return nil, badRequest("Invalid ARN specified in the request: %s is not in %s", arn, c.region.name)
	}
	path := strings.Split(strings.TrimPrefix(parts[5], "/"), "/")
	switch {
	case len(path) == 2 && path[0] == "restapis":
		if api := c.region.apis[path[1]]; api != nil {
			return &api.Tags, nil
		}
		return nil, noSuchAPI(path[1])
	case len(path) == 4 && path[0] == "restapis" && path[2] == "stages":
		api := c.region.apis[path[1]]
		if api == nil {
			return nil, noSuchAPI(path[1])
		}
		if stage := api.Stages[path[3]]; stage != nil {
			return &stage.Tags, nil
		}
		return nil, notFound(noSuchStage)
	case len(path) == 2 && path[0] == "domainnames":
		if domain := c.region.domains[path[1]]; domain != nil {
			return &domain.Tags, nil
		}
		return nil, notFound(noSuchDomain)
	case len(path) == 2 && path[0] == "apikeys":
		if key := c.region.apiKeys[path[1]]; key != nil {
			return &key.Tags, nil
		}
		return nil, notFound("Invalid API Key identifier specified")
	case len(path) == 2 && path[0] == "usageplans":
		if plan := c.region.usagePlans[path[1]]; plan != nil {
			return &plan.Tags, nil
		}
		return nil, notFound("Invalid Usage Plan ID specified")
	default:
		return nil, badRequest("Invalid ARN specified in the request: %s has no tags", arn)
	}
}

func getTags(c *call) (answer, error) {
	tags, err := c.tagged()
	if err != nil {
		return refused(err)
	}
	given := *tags
	if given == nil {
		given = map[string]string{}
	}
	return ok(map[string]any{"tags": given})
}

func tagResource(c *call) (answer, error) {
	var in struct {
		Tags map[string]string `json:"tags"`
	}
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	tags, err := c.tagged()
	if err != nil {
		return refused(err)
	}
	merged := map[string]string{}
	maps.Copy(merged, *tags)
	maps.Copy(merged, in.Tags)
	if err := checkTags(merged); err != nil {
		return refused(err)
	}
	*tags = merged
	return noContent()
}

func untagResource(c *call) (answer, error) {
	tags, err := c.tagged()
	if err != nil {
		return refused(err)
	}
	for _, key := range c.URL.Query()["tagKeys"] {
		delete(*tags, key)
	}
	return noContent()
}

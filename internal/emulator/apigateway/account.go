package apigateway

import "regexp"

type accountDoc struct {
	CloudWatchRoleArn string        `json:"cloudwatchRoleArn,omitempty"`
	ThrottleSettings  throttlingDoc `json:"throttleSettings"`
	Features          []string      `json:"features"`
	APIKeyVersion     string        `json:"apiKeyVersion"`
}

type throttlingDoc struct {
	BurstLimit int     `json:"burstLimit"`
	RateLimit  float64 `json:"rateLimit"`
}

func accountDocOf(r *region) accountDoc {
	return accountDoc{
		CloudWatchRoleArn: r.cloudWatchRoleArn,
		ThrottleSettings:  throttlingDoc{BurstLimit: accountBurstLimit, RateLimit: accountRateLimit},
		Features:          []string{"UsagePlans"},
		APIKeyVersion:     "4",
	}
}

func getAccount(c *call) (answer, error) { return ok(accountDocOf(c.region)) }

var roleArn = regexp.MustCompile(`^arn:[^:]+:iam::\d{12}:role/.+$`)

func updateAccount(c *call) (answer, error) {
	patches, err := c.patches("updateAccountInput")
	if err != nil {
		return refused(err)
	}
	role := c.region.cloudWatchRoleArn
	for _, p := range patches {
		table := patchTable{"/cloudwatchRoleArn": func(v *string) error {
			if text(v) != "" && !(roleArn.MatchString(*v) && c.service.mayLog(*v)) {
				return badRequest("The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.")
			}
			role = text(v)
			return nil
		}}
		if err := table.apply(p); err != nil {
			return refused(err)
		}
	}
	c.region.cloudWatchRoleArn = role
	return ok(accountDocOf(c.region))
}

func (s *Service) mayLog(roleARN string) bool {
	return s.config.MayLog == nil || s.config.MayLog(roleARN)
}

package emulator

import (
	"fmt"
	"maps"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/iampolicy"
	"apigateway-maintenance/internal/emulator/route53"
)

// conditionKeys are those that the emulator fills in, for every call or for
// Route 53's changes; a policy that names others is refused.
var conditionKeys = iampolicy.Keys{
	"aws:RequestedRegion":    iampolicy.Single,
	"aws:PrincipalArn":       iampolicy.Single,
	"aws:PrincipalAccount":   iampolicy.Single,
	route53.KeyRecordNames:   iampolicy.Multi,
	route53.KeyRecordTypes:   iampolicy.Multi,
	route53.KeyRecordActions: iampolicy.Multi,
}

// permissionGate refuses what the caller's policies do not allow.
type permissionGate struct {
	emulator *Emulator
	services []awsproto.Service
}

// Pass asks for all that the call needs.
func (g *permissionGate) Pass(r *awsproto.Request, operation string) error {
	user := g.emulator.users.find(r.AccessKey)
	for _, p := range g.needed(r, operation) {
		p.Context = maps.Clone(p.Context)
		if p.Context == nil {
			p.Context = map[string][]string{}
		}
		p.Context["aws:RequestedRegion"] = []string{r.Region}
		p.Context["aws:PrincipalArn"] = []string{user.arn}
		p.Context["aws:PrincipalAccount"] = []string{awsproto.AccountID}
		if decision := user.evaluate(p); decision != iampolicy.Allow {
			return awsproto.AccessDenied(r.Service, sentence(user.arn, p, decision))
		}
	}
	return nil
}

// needed refuses to guess: what a service cannot say takes a permission on all
// resources.
func (g *permissionGate) needed(r *awsproto.Request, operation string) []awsproto.Permission {
	for _, service := range g.services {
		if asked, can := service.(awsproto.Permitted); can && service.Name() == r.Service {
			return asked.Permissions(r, operation)
		}
	}
	return []awsproto.Permission{{Action: r.Service + ":" + operation, Resource: "*"}}
}

// sentence is IAM's own (fact J8).
func sentence(arn string, p awsproto.Permission, decision iampolicy.Decision) string {
	why := fmt.Sprintf("because no identity-based policy allows the %s action", p.Action)
	if decision == iampolicy.ExplicitDeny {
		why = "with an explicit deny in an identity-based policy"
	}
	return fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s %s", arn, p.Action, p.Resource, why)
}

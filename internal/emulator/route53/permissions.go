package route53

import (
	"encoding/xml"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// Condition keys of ChangeResourceRecordSets (fact J8).
const (
	KeyRecordNames   = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
	KeyRecordTypes   = "route53:ChangeResourceRecordSetsRecordTypes"
	KeyRecordActions = "route53:ChangeResourceRecordSetsActions"
)

// Permissions are the action of the operation's own name, on the zone or change
// in its path (fact J8).
func (*Service) Permissions(r *awsproto.Request, operation string) []awsproto.Permission {
	p := awsproto.Permission{Action: "route53:" + operation, Resource: "*"}
	segments := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	for _, kind := range []string{"hostedzone", "change"} {
		if i := slices.Index(segments, kind); i > 0 && i+1 < len(segments) {
			p.Resource = "arn:aws:route53:::" + kind + "/" + segments[i+1]
		}
	}
	if operation == "ChangeResourceRecordSets" {
		p.Context = changeContext(r.Payload)
	}
	return []awsproto.Permission{p}
}

// changeContext is what a change batch holds, each kind of thing once.
func changeContext(payload []byte) map[string][]string {
	var input struct {
		Changes []change `xml:"ChangeBatch>Changes>Change"`
	}
	// What cannot be read has no keys; the operation refuses it.
	_ = xml.Unmarshal(payload, &input)
	context := map[string][]string{}
	add := func(key, value string) {
		if !slices.Contains(context[key], value) {
			context[key] = append(context[key], value)
		}
	}
	for _, c := range input.Changes {
		// Lower case, without the dot at the end, odd characters as \ and octal digits.
		add(KeyRecordNames, strings.TrimSuffix(escaped(canonical(c.Record.Name)), "."))
		add(KeyRecordTypes, c.Record.Type)
		add(KeyRecordActions, c.Action)
	}
	return context
}

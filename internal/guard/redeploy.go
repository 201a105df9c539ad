package guard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The three resources that a new text of the mock changes: the document of its
// API, a new deployment before the old one goes, and its stage turning to the
// new one (the maintenance-api module).
const (
	restAPIType    = "aws_api_gateway_rest_api"
	deploymentType = "aws_api_gateway_deployment"
	stageType      = "aws_api_gateway_stage"
)

// shapers are the types that put something into an API beside its document.
var shapers = []string{
	"aws_api_gateway_authorizer", "aws_api_gateway_gateway_response", "aws_api_gateway_integration", "aws_api_gateway_integration_response",
	"aws_api_gateway_method", "aws_api_gateway_method_response", "aws_api_gateway_model", "aws_api_gateway_request_validator",
	"aws_api_gateway_resource", "aws_api_gateway_rest_api_policy",
}

// other says why a change of anything but a mapping is no redeploy of the mock;
// empty if it is one.
func (j *judge) other(c *change) string {
	if !slices.Contains([]string{restAPIType, deploymentType, stageType}, c.kind) || c.mode != managed || !c.ofAWS() {
		if !c.ofAWS() {
			return "it is made by " + c.provider + ", and a switch changes only what hashicorp/aws makes"
		}
		return "it is no part of a switch"
	}
	switch id := c.apiID(); {
	case id == "":
		return "it is no part of a switch"
	case !j.mocks[id]:
		return fmt.Sprintf("it belongs to API %s, which is not the maintenance API", id)
	}
	switch c.kind {
	case restAPIType:
		return j.text(c)
	case deploymentType:
		return j.deployment(c)
	default:
		return j.stage(c)
	}
}

// apiID is the REST API that a change belongs to.
func (c *change) apiID() string {
	values := c.before
	if values == nil {
		values = c.after
	}
	if c.kind == restAPIType {
		return textIn(values, "id")
	}
	return textIn(values, "rest_api_id")
}

// text says why an update of the mock's API is more than a new document of a
// mock.
func (j *judge) text(c *change) string {
	if !c.does("update") {
		return "of the maintenance API a switch changes the text alone"
	}
	if why := c.notPlain(); why != "" {
		return why
	}
	if names := c.differing(); !slices.Equal(names, []string{"body"}) {
		return fmt.Sprintf("of the maintenance API a switch changes the text alone, and this changes [%s]", strings.Join(names, " "))
	}
	return j.home(c)
}

// home says why the API of a redeploy is not proved to be, and to stay, a mock
// whose every part this plan tells.
func (j *judge) home(c *change) string {
	apis := j.apis[c.apiID()]
	if len(apis) != 1 {
		return "the plan does not have the maintenance API itself, so nobody can say what would be deployed"
	}
	api := apis[0]
	if moduleOf(api.address) != moduleOf(c.address) {
		return "it is outside the module that made the maintenance API, " + api.address
	}
	if why := j.apart(c, api); why != "" {
		return why
	}
	if !api.does("no-op") && !api.does("update") || textIn(api.after, "id") != c.apiID() {
		return "the maintenance API itself, " + api.address + ", does not stay"
	}
	if mode := api.after["put_rest_api_mode"]; mode != nil && mode != "" && mode != "overwrite" {
		return "the maintenance API's text is merged into what is there, so nobody can say what would be deployed"
	}
	if unknown(api.change["after_unknown"]) {
		return "the maintenance API's text will be known only after the apply"
	}
	if why := j.document(api); why != "" {
		return "the text is not that of a mock: " + why
	}
	if part := j.parts(c.apiID()); part != "" {
		return "the maintenance API is also made of " + part + ", which its text does not tell"
	}
	return ""
}

// document judges the planned text of an API, once.
func (j *judge) document(api *change) string {
	why, known := j.documents[api]
	if !known {
		why = notAMock(api.after["body"])
		j.documents[api] = why
	}
	return why
}

// parts is the address of a resource that puts something into an API beside its
// document; empty where the plan knows none.
func (j *judge) parts(id string) string {
	var found []string
	for _, c := range j.changes {
		if slices.Contains(shapers, c.kind) && (textIn(c.before, "rest_api_id") == id || textIn(c.after, "rest_api_id") == id) {
			found = append(found, c.address)
		}
	}
	for _, o := range resourcesIn(stateBefore(j.plan)) {
		if slices.Contains(shapers, textIn(o, "type")) && textIn(objectIn(o, "values"), "rest_api_id") == id {
			found = append(found, textIn(o, "address"))
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}

// computed are the attributes of a deployment that AWS gives a new one.
var computed = []string{"created_date", "execution_arn", "id", "invoke_url"}

// deployment says why a deployment is not just the new snapshot of the mock's
// text.
func (j *judge) deployment(c *change) string {
	if !c.does("create", "delete") {
		return "a switch makes a deployment of the maintenance API only in place of the one before it, and before that goes"
	}
	if why := c.notPlain(); why != "" {
		return why
	}
	changes := c.changed()
	switch reason := c.rc["action_reason"]; {
	case textIn(c.after, "rest_api_id") != c.apiID():
		return "it would become one of another API"
	case reason != nil && reason != "" && reason != "replace_because_cannot_update":
		return "it is replaced for another reason than a new text (" + textIn(c.rc, "action_reason") + ")"
	case !slices.Contains(changes, "triggers"):
		return "it is replaced although its text did not change"
	}
	for _, name := range c.differing() {
		if name != "triggers" && !slices.Contains(computed, name) {
			return name + " changes, and a redeploy changes triggers alone"
		}
	}
	for _, name := range []string{"canary_settings", "stage_description", "stage_name", "variables"} {
		if value := given(c.after, name); value != nil && !same(value, []any{}) && !same(value, object{}) {
			return "its " + name + " would change a stage as well"
		}
	}
	block := j.config.resource(c)
	if block == nil {
		return "the configuration in the plan does not have it"
	}
	if kinds := provisioners(block); len(kinds) > 0 {
		return "it has a provisioner (" + strings.Join(kinds, ", ") + "), which would run"
	}
	return j.home(c)
}

var indexOrKey = regexp.MustCompile(`\[[^\]]*\]`)

// stage says why a stage of the mock does not just turn to the new deployment.
func (j *judge) stage(c *change) string {
	if !c.does("update") {
		return "of the maintenance API's stage a switch changes the deployment alone"
	}
	if why := c.notPlain(); why != "" {
		return why
	}
	if names := c.differing(); !slices.Equal(names, []string{"deployment_id"}) {
		return fmt.Sprintf("of the maintenance API's stage a switch changes the deployment alone, and this changes [%s]", strings.Join(names, " "))
	}
	if !slices.Equal(c.unknown(), []string{"deployment_id"}) {
		return "it would turn to a deployment that this plan does not make"
	}
	block := j.config.resource(c)
	if block == nil {
		return "the configuration in the plan does not have it"
	}
	references, _ := texts(objectIn(objectIn(block, "expressions"), "deployment_id")["references"])
	for _, made := range j.changes {
		own := made.kind + "." + made.name
		if made.kind != deploymentType || made.mode != managed || made.broken() != "" || made.moved() != "" {
			continue
		}
		if moduleOf(made.address) != moduleOf(c.address) || made.apiID() != c.apiID() || j.deployment(made) != "" {
			continue
		}
		if len(references) > 0 && !slices.ContainsFunc(references, func(r string) bool {
			bare := indexOrKey.ReplaceAllString(r, "")
			return bare != own && bare != own+".id"
		}) {
			return j.home(c)
		}
	}
	return "it would turn to a deployment that this plan does not make"
}

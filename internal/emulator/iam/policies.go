package iam

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/iampolicy"
)

// managed are the AWS managed policies that can be attached, by ARN, as the AWS
// Managed Policy Reference has them.
var managed = map[string]string{
	"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}`,
	"arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` +
		`"Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:DescribeLogGroups","logs:DescribeLogStreams","logs:PutLogEvents","logs:GetLogEvents","logs:FilterLogEvents"],"Resource":"*"}]}`,
}

func (s *Service) putRolePolicy(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	text := form.Get("PolicyDocument")
	policy, err := iampolicy.Parse(iampolicy.Identity, text, conditionKeys)
	if err != nil {
		return nil, malformed(err)
	}
	name := form.Get("PolicyName")
	if !policyName.MatchString(name) {
		return nil, invalid("The specified value for policyName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-")
	}
	r.inline[name] = inlinePolicy{text, policy}
	return nil, nil
}

func (s *Service) inlinePolicy(form url.Values) (*role, string, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, "", err
	}
	name := form.Get("PolicyName")
	if _, exists := r.inline[name]; !exists {
		return nil, "", awsproto.Errorf(http.StatusNotFound, "NoSuchEntity", "The role policy with name %s cannot be found.", name)
	}
	return r, name, nil
}

func (s *Service) getRolePolicy(form url.Values) (any, error) {
	r, name, err := s.inlinePolicy(form)
	if err != nil {
		return nil, err
	}
	return struct{ RoleName, PolicyName, PolicyDocument string }{r.name, name, url.QueryEscape(r.inline[name].text)}, nil
}

func (s *Service) deleteRolePolicy(form url.Values) (any, error) {
	r, name, err := s.inlinePolicy(form)
	if err != nil {
		return nil, err
	}
	delete(r.inline, name)
	return nil, nil
}

func (s *Service) listRolePolicies(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	return struct {
		IsTruncated bool
		PolicyNames []string `xml:"PolicyNames>member"`
	}{PolicyNames: slices.Sorted(maps.Keys(r.inline))}, nil
}

func (s *Service) attachRolePolicy(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	arn := form.Get("PolicyArn")
	if managed[arn] == "" {
		if strings.HasPrefix(arn, "arn:aws:iam::aws:policy/") {
			return nil, awsproto.Errorf(http.StatusNotImplemented, "NotImplemented", "the embedded AWS does not do this: it does not have the managed policy %s; it has %s",
				arn, strings.Join(slices.Sorted(maps.Keys(managed)), ", "))
		}
		return nil, awsproto.Errorf(http.StatusNotFound, "NoSuchEntity", "Policy %s does not exist or is not attachable.", arn)
	}
	if !slices.Contains(r.attached, arn) {
		r.attached = append(r.attached, arn)
	}
	return nil, nil
}

func (s *Service) detachRolePolicy(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	arn := form.Get("PolicyArn")
	if !slices.Contains(r.attached, arn) {
		return nil, awsproto.Errorf(http.StatusNotFound, "NoSuchEntity", "Policy %s was not found.", arn)
	}
	r.attached = slices.DeleteFunc(r.attached, func(a string) bool { return a == arn })
	return nil, nil
}

type attachedXML struct{ PolicyName, PolicyArn string }

func (s *Service) listAttachedRolePolicies(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	var list []attachedXML
	for _, arn := range r.attached {
		list = append(list, attachedXML{arn[strings.LastIndex(arn, "/")+1:], arn})
	}
	return struct {
		IsTruncated      bool
		AttachedPolicies []attachedXML `xml:"AttachedPolicies>member"`
	}{AttachedPolicies: list}, nil
}

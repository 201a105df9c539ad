package iam

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/iampolicy"
)

type role struct {
	name, path, id, description string
	created                     time.Time
	maxSession                  int // seconds
	trustText                   string
	trust                       *iampolicy.Policy
	tags                        map[string]string
	inline                      map[string]inlinePolicy // by name
	attached                    []string                // ARNs, in the order of attachment
}

type inlinePolicy struct {
	text   string
	policy *iampolicy.Policy
}

func (r *role) arn() string {
	return "arn:aws:iam::" + awsproto.AccountID + ":role" + r.path + r.name
}

// roleXML is Role of the IAM API reference.
type roleXML struct {
	Path                     string
	RoleName                 string
	RoleID                   string `xml:"RoleId"`
	Arn                      string
	CreateDate               string
	AssumeRolePolicyDocument string
	Description              string   `xml:",omitempty"`
	MaxSessionDuration       int      `xml:",omitempty"`
	Tags                     []tagXML `xml:"Tags>member,omitempty"`
}

type tagXML struct{ Key, Value string }

func (r *role) xml() roleXML {
	return roleXML{
		Path: r.path, RoleName: r.name, RoleID: r.id, Arn: r.arn(), CreateDate: r.created.UTC().Format(time.RFC3339),
		// IAM gives documents percent-encoded (RFC 3986).
		AssumeRolePolicyDocument: url.QueryEscape(r.trustText),
		Description:              r.description, MaxSessionDuration: r.maxSession, Tags: r.tagList(),
	}
}

func (r *role) tagList() []tagXML {
	var list []tagXML
	for _, key := range slices.Sorted(maps.Keys(r.tags)) {
		list = append(list, tagXML{key, r.tags[key]})
	}
	return list
}

type roleAnswer struct{ Role roleXML }

// What a name and a path may be (IAM API reference, CreateRole).
var (
	roleName = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	rolePath = regexp.MustCompile(`^(/|/[\x21-\x7E]{1,510}/)$`)
)

func (s *Service) createRole(form url.Values) (any, error) {
	name, path := form.Get("RoleName"), form.Get("Path")
	if path == "" {
		path = "/"
	}
	switch {
	case !roleName.MatchString(name):
		return nil, invalid("The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-")
	case !rolePath.MatchString(path):
		return nil, invalid("The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	case form.Get("PermissionsBoundary") != "":
		return nil, awsproto.Errorf(http.StatusNotImplemented, "NotImplemented", "the embedded AWS does not do this: permissions boundaries")
	case s.roles[name] != nil:
		return nil, awsproto.Errorf(http.StatusConflict, "EntityAlreadyExists", "Role with name %s already exists.", name)
	}
	r := &role{
		name: name, path: path, id: "AROA" + newID(), description: form.Get("Description"), created: s.now(), maxSession: 3600,
		tags: map[string]string{}, inline: map[string]inlinePolicy{},
	}
	if err := r.setTrust(form.Get("AssumeRolePolicyDocument")); err != nil {
		return nil, err
	}
	if err := r.setMaxSession(form.Get("MaxSessionDuration")); err != nil {
		return nil, err
	}
	readTags(form, r.tags)
	s.roles[name] = r
	return roleAnswer{r.xml()}, nil
}

func (r *role) setMaxSession(text string) error {
	if text == "" {
		return nil
	}
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds < 3600 || seconds > 43200 {
		return invalid("1 validation error detected: Value '%s' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and 43200", text)
	}
	r.maxSession = seconds
	return nil
}

// setTrust reads the document at once: one that is malformed is refused as IAM
// does, and one that is beyond what is understood likewise.
func (r *role) setTrust(text string) error {
	policy, err := iampolicy.Parse(iampolicy.Trust, text, conditionKeys)
	if err != nil {
		return malformed(err)
	}
	r.trustText, r.trust = text, policy
	return nil
}

func (s *Service) role(form url.Values) (*role, error) {
	name := form.Get("RoleName")
	r := s.roles[name]
	if r == nil {
		return nil, awsproto.Errorf(http.StatusNotFound, "NoSuchEntity", "The role with name %s cannot be found.", name)
	}
	return r, nil
}

func (s *Service) getRole(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	return roleAnswer{r.xml()}, nil
}

func (s *Service) updateRole(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	if form.Has("Description") {
		r.description = form.Get("Description")
	}
	return struct{}{}, r.setMaxSession(form.Get("MaxSessionDuration"))
}

func (s *Service) updateAssumeRolePolicy(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	return nil, r.setTrust(form.Get("PolicyDocument"))
}

func (s *Service) deleteRole(form url.Values) (any, error) {
	r, err := s.role(form)
	switch {
	case err != nil:
		return nil, err
	case len(r.attached) > 0:
		return nil, awsproto.Errorf(http.StatusConflict, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
	case len(r.inline) > 0:
		return nil, awsproto.Errorf(http.StatusConflict, "DeleteConflict", "Cannot delete entity, must delete policies first.")
	}
	delete(s.roles, r.name)
	return nil, nil
}

func (s *Service) tagRole(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	readTags(form, r.tags)
	return nil, nil
}

func (s *Service) untagRole(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	for name, values := range form {
		if strings.HasPrefix(name, "TagKeys.member.") {
			delete(r.tags, values[0])
		}
	}
	return nil, nil
}

func (s *Service) listRoleTags(form url.Values) (any, error) {
	r, err := s.role(form)
	if err != nil {
		return nil, err
	}
	return struct {
		IsTruncated bool
		Tags        []tagXML `xml:"Tags>member"`
	}{Tags: r.tagList()}, nil
}

func (s *Service) listInstanceProfilesForRole(form url.Values) (any, error) {
	if _, err := s.role(form); err != nil {
		return nil, err
	}
	return struct {
		IsTruncated      bool
		InstanceProfiles string
	}{}, nil
}

// readTags adds the form's Tags.member.N.Key and Value to tags.
func readTags(form url.Values, tags map[string]string) {
	for name, values := range form {
		if prefix, isKey := strings.CutSuffix(name, ".Key"); isKey && strings.HasPrefix(prefix, "Tags.member.") {
			tags[values[0]] = form.Get(prefix + ".Value")
		}
	}
}

func invalid(format string, args ...any) error {
	return awsproto.Errorf(http.StatusBadRequest, "ValidationError", format, args...)
}

func malformed(err error) error {
	return awsproto.Errorf(http.StatusBadRequest, "MalformedPolicyDocument", "%v", err)
}

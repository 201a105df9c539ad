package lambda

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/iampolicy"
)

var statementID = regexp.MustCompile(`^[a-zA-Z0-9-_]{1,100}$`)

// conditionKeys are those that a caller of a function brings.
var conditionKeys = iampolicy.Keys{"AWS:SourceArn": iampolicy.Single, "AWS:SourceAccount": iampolicy.Single}

// addPermission makes a statement as Lambda does: the source's ARN is matched
// as a pattern.
func (s *Service) addPermission(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	var in struct {
		StatementID   string `json:"StatementId"`
		Action        string
		Principal     string
		SourceArn     string
		SourceAccount string

		EventSourceToken, PrincipalOrgID, FunctionUrlAuthType string
	}
	if err := decode(r, &in); err != nil {
		return err
	}
	switch {
	case !statementID.MatchString(in.StatementID):
		return awsproto.Errorf(http.StatusBadRequest, "ValidationException", "1 validation error detected: Value '%s' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)", in.StatementID)
	case !strings.HasPrefix(in.Action, "lambda:"):
		return awsproto.Errorf(http.StatusBadRequest, "ValidationException", "1 validation error detected: Value '%s' at 'action' failed to satisfy constraint", in.Action)
	case in.EventSourceToken != "" || in.PrincipalOrgID != "" || in.FunctionUrlAuthType != "":
		return unsupported("permissions for Alexa, organisations and function URLs")
	}
	statement := map[string]any{"Sid": in.StatementID, "Effect": "Allow", "Principal": principal(in.Principal), "Action": in.Action, "Resource": f.arn()}
	condition := map[string]any{}
	if in.SourceAccount != "" {
		condition["StringEquals"] = map[string]string{"AWS:SourceAccount": in.SourceAccount}
	}
	if in.SourceArn != "" {
		condition["ArnLike"] = map[string]string{"AWS:SourceArn": in.SourceArn}
	}
	if len(condition) > 0 {
		statement["Condition"] = condition
	}
	text, err := json.Marshal(statement)
	if err != nil {
		return err
	}
	policy, err := iampolicy.Parse(iampolicy.Resource, document([]string{string(text)}), conditionKeys)
	if err != nil {
		return invalid("The permission is not understood: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(f.permissions, func(p permission) bool { return p.sid == in.StatementID }) {
		return awsproto.Errorf(http.StatusConflict, "ResourceConflictException", "The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", in.StatementID)
	}
	f.permissions = append(slices.Clone(f.permissions), permission{in.StatementID, string(text), policy})
	return writeJSON(w, http.StatusCreated, map[string]string{"Statement": string(text)})
}

func principal(name string) any {
	switch {
	case name == "*":
		return "*"
	case strings.HasSuffix(name, ".amazonaws.com"):
		return map[string]string{"Service": name}
	default:
		return map[string]string{"AWS": name}
	}
}

func document(statements []string) string {
	return `{"Version":"2012-10-17","Id":"default","Statement":[` + strings.Join(statements, ",") + `]}`
}

func (s *Service) getPolicy(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(f.permissions) == 0 {
		return noPolicy()
	}
	var statements []string
	for _, p := range f.permissions {
		statements = append(statements, p.text)
	}
	return writeJSON(w, http.StatusOK, map[string]string{"Policy": document(statements), "RevisionId": f.revision})
}

func noPolicy() error {
	return awsproto.Errorf(http.StatusNotFound, "ResourceNotFoundException", "The resource you requested does not exist.")
}

func (s *Service) removePermission(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := slices.DeleteFunc(slices.Clone(f.permissions), func(p permission) bool { return p.sid == r.PathValue("sid") })
	if len(kept) == len(f.permissions) {
		return noPolicy()
	}
	f.permissions = kept
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// MayInvoke says whether a service may invoke a function for a source, such as
// API Gateway for a method of an API.
func (s *Service) MayInvoke(arn, service, sourceARN string) bool {
	f, err := s.lookup("", arn)
	if err != nil {
		return false
	}
	s.mu.RLock()
	permissions := f.permissions
	s.mu.RUnlock()
	policies := make([]*iampolicy.Policy, len(permissions))
	for i, p := range permissions {
		policies[i] = p.policy
	}
	return iampolicy.Evaluate(iampolicy.Request{
		Principal: iampolicy.Principal{Service: service}, Action: "lambda:InvokeFunction", Resource: f.arn(),
		Context: iampolicy.Context{"AWS:SourceArn": {sourceARN}, "AWS:SourceAccount": {awsproto.AccountID}},
	}, policies...) == iampolicy.Allow
}

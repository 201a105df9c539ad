// Package sts is the emulator's AWS Security Token Service: just enough for
// the Terraform provider and the SDKs to learn whose credentials they hold.
package sts

import (
	"encoding/xml"
	"net/http"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
)

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// Service answers STS calls. It has no state.
type Service struct {
	identity func(accessKey string) (arn, id string)
}

// New makes a Service that asks identity who holds an access key.
func New(identity func(accessKey string) (arn, id string)) *Service { return &Service{identity} }

// Name is "sts".
func (*Service) Name() string { return "sts" }

// Operations are all that the service has.
func (*Service) Operations() []string { return []string{"GetCallerIdentity"} }

// Operation gives the Action of the Query protocol, if it is served here.
func (*Service) Operation(r *awsproto.Request) string {
	if action := awsproto.QueryAction(r); action == "GetCallerIdentity" {
		return action
	}
	return ""
}

type callerIdentity struct {
	XMLName   xml.Name `xml:"GetCallerIdentityResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Arn       string   `xml:"GetCallerIdentityResult>Arn"`
	UserID    string   `xml:"GetCallerIdentityResult>UserId"`
	Account   string   `xml:"GetCallerIdentityResult>Account"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

// Serve answers GetCallerIdentity (STS API reference).
func (s *Service) Serve(w http.ResponseWriter, r *awsproto.Request) error {
	arn, id := s.identity(r.AccessKey)
	// The provider learns from it in which partition it is.
	arn = strings.Replace(arn, "arn:aws:", "arn:"+awsproto.PartitionOf(r.Region).Name+":", 1)
	w.Header().Set("Content-Type", "text/xml")
	return xml.NewEncoder(w).Encode(callerIdentity{
		Namespace: namespace,
		Arn:       arn,
		UserID:    id,
		Account:   awsproto.AccountID,
		RequestID: r.ID,
	})
}

// WriteError writes an error in the Query protocol.
func (*Service) WriteError(w http.ResponseWriter, e *awsproto.Error, requestID string) {
	awsproto.Query.WriteError(w, e, requestID)
}

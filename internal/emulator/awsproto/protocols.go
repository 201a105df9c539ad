package awsproto

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
)

// Protocol is one of the ways in which AWS services write errors and name the
// refusals of a signature.
type Protocol int

// The protocols of the emulated services.
const (
	RESTJSON Protocol = iota // API Gateway
	JSON11                   // ACM
	RESTXML                  // Route 53
	Query                    // STS
)

// protocolOf gives the protocol of a service by its name in a credential scope.
func protocolOf(service string) Protocol {
	switch service {
	case "acm":
		return JSON11
	case "route53":
		return RESTXML
	case "sts":
		return Query
	default:
		return RESTJSON
	}
}

// WriteError writes an error as the protocol has it; requestID goes where AWS
// puts it.
func (p Protocol) WriteError(w http.ResponseWriter, e *Error, requestID string) {
	if e.Code == NotSupported {
		w.Header().Set(NotSupportedHeader, "unsupported")
	}
	switch p {
	case RESTJSON:
		w.Header().Set("X-Amzn-Errortype", e.Code)
		writeJSON(w, "application/json", e.Status, map[string]string{"message": e.Message})
	case JSON11:
		writeJSON(w, "application/x-amz-json-1.1", e.Status, map[string]string{"__type": e.Code, "message": e.Message})
	default:
		writeXMLError(w, e, requestID)
	}
}

func writeJSON(w http.ResponseWriter, contentType string, status int, body any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	// The client went away: there is nobody to tell.
	_ = json.NewEncoder(w).Encode(body)
}

type xmlError struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

func writeXMLError(w http.ResponseWriter, e *Error, requestID string) {
	fault := "Sender"
	if e.Status >= http.StatusInternalServerError {
		fault = "Receiver"
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(e.Status)
	_ = xml.NewEncoder(w).Encode(xmlError{Type: fault, Code: e.Code, Message: e.Message, RequestID: requestID})
}

// signatureError turns a refused signature into the protocol's own error
// (IAM guide, "Troubleshoot Signature Version 4 requests"). All are 403.
func (p Protocol) signatureError(err error) *Error {
	jsonStyle := p == RESTJSON || p == JSON11
	code := func(forJSON, forXML string) string {
		if jsonStyle {
			return forJSON
		}
		return forXML
	}
	switch {
	case errors.Is(err, errUnsigned):
		return Errorf(http.StatusForbidden, code("MissingAuthenticationTokenException", "MissingAuthenticationToken"), "Missing Authentication Token")
	case errors.Is(err, errUnknownKey):
		return Errorf(http.StatusForbidden, code("UnrecognizedClientException", "InvalidClientTokenId"), "The security token included in the request is invalid.")
	case errors.Is(err, errIncomplete):
		return Errorf(http.StatusForbidden, code("IncompleteSignatureException", "IncompleteSignature"), "%v", err)
	case errors.Is(err, errExpired):
		return Errorf(http.StatusForbidden, code("InvalidSignatureException", "SignatureDoesNotMatch"), "Signature expired: %v", err)
	default:
		return Errorf(http.StatusForbidden, code("InvalidSignatureException", "SignatureDoesNotMatch"),
			"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
}

// guessProtocol says in which protocol to refuse a request that has no
// credential scope to tell its service.
func guessProtocol(r *http.Request, payload []byte) Protocol {
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		return JSON11
	case hasPathPrefix(r.URL.Path, "/2013-04-01"):
		return RESTXML
	case r.Method == http.MethodPost && r.URL.Path == "/" && looksLikeQuery(payload):
		return Query
	default:
		return RESTJSON
	}
}

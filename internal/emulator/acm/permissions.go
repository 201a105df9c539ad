package acm

import (
	"encoding/json"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// Permissions are the action of the operation's own name, on the certificate
// that the call names, if it names one (fact J8).
func (*Service) Permissions(r *awsproto.Request, operation string) []awsproto.Permission {
	var input struct{ CertificateArn string }
	// A payload that cannot be read names nothing; the operation refuses it.
	_ = json.Unmarshal(r.Payload, &input)
	if input.CertificateArn == "" {
		input.CertificateArn = "*"
	}
	return []awsproto.Permission{{Action: "acm:" + operation, Resource: input.CertificateArn}}
}

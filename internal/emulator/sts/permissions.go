package sts

import "apigateway-maintenance/internal/emulator/awsproto"

// Permissions are none: GetCallerIdentity is open to every caller, whatever its
// policies say (fact J8).
func (*Service) Permissions(*awsproto.Request, string) []awsproto.Permission { return nil }

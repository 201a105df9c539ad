package apigateway

import (
	"net/http"

	"apigateway-maintenance/internal/emulator/awsproto"
)

func badRequest(format string, args ...any) error {
	return awsproto.Errorf(http.StatusBadRequest, "BadRequestException", format, args...)
}

func notFound(format string, args ...any) error {
	return awsproto.Errorf(http.StatusNotFound, "NotFoundException", format, args...)
}

func conflict(format string, args ...any) error {
	return awsproto.Errorf(http.StatusConflict, "ConflictException", format, args...)
}

// unsupported refuses what AWS would take and the emulator cannot do.
func unsupported(format string, args ...any) error { return awsproto.Unsupported(format, args...) }

// Messages that more than one operation uses.
const (
	noSuchResource    = "Invalid Resource identifier specified"
	noSuchMethod      = "Invalid Method identifier specified"
	noSuchResponse    = "Invalid Response status code specified"
	noSuchIntegration = "Invalid Integration identifier specified"
	noSuchStage       = "Invalid stage identifier specified"
	noSuchDeployment  = "Invalid Deployment identifier specified"
	noDeployment      = "Deployment id does not exist" // where another object names it
	noSuchDomain      = "Invalid domain name identifier specified"
	noSuchMapping     = "Invalid base path mapping identifier specified"
)

func noSuchAPI(id string) error {
	return notFound("Invalid API identifier specified %s:%s", awsproto.AccountID, id)
}

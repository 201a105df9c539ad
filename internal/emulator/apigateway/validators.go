package apigateway

import (
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

const noSuchValidator = "Invalid Request Validator identifier specified"

func createRequestValidator(c *call) (answer, error) {
	validator := &definition.RequestValidator{}
	if err := c.decode(validator); err != nil {
		return refused(err)
	}
	api := c.region.apis[c.PathValue("restapi_id")]
	if api == nil {
		return refused(badRequest("Invalid REST API identifier specified")) // recorded by LocalStack's validated test_validators_crud_no_api
	}
	validator.ID = newID(resourceIDLength, isKey(api.Validators))
	api.Validators[validator.ID] = validator
	return created(validator)
}

func getRequestValidators(c *call) (answer, error) {
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	return page(c, sortedValues(api.Validators))
}

// validator gives the API and the validator that the path names.
func (c *call) validator() (*definition.API, *definition.RequestValidator, error) {
	api, id := c.region.apis[c.PathValue("restapi_id")], c.PathValue("validator_id")
	if api == nil || api.Validators[id] == nil {
		return nil, nil, notFound(noSuchValidator)
	}
	return api, api.Validators[id], nil
}

func getRequestValidator(c *call) (answer, error) {
	_, validator, err := c.validator()
	if err != nil {
		return refused(err)
	}
	return ok(validator)
}

func updateRequestValidator(c *call) (answer, error) {
	patches, err := c.patches("updateRequestValidatorInput")
	if err != nil {
		return refused(err)
	}
	api, current, err := c.validator()
	if err != nil {
		return refused(err)
	}
	validator := *current
	for _, p := range patches {
		if err := patchNamed(p, patchTable{
			"/name": func(v *string) error {
				if strings.TrimSpace(text(v)) == "" {
					return badRequest("Request Validator name cannot be blank")
				}
				validator.Name = *v
				return nil
			},
			"/validateRequestParameters": func(v *string) error { validator.ValidateParameters = isTrue(v); return nil },
			"/validateRequestBody":       func(v *string) error { validator.ValidateBody = isTrue(v); return nil },
		}, "/name", "/validateRequestParameters", "/validateRequestBody"); err != nil {
			return refused(err)
		}
	}
	api.Validators[validator.ID] = &validator
	return ok(&validator)
}

func deleteRequestValidator(c *call) (answer, error) {
	api, validator, err := c.validator()
	if err != nil {
		return refused(err)
	}
	for _, resource := range api.Resources {
		for verb, method := range resource.Methods {
			if method.ValidatorID == validator.ID {
				return refused(conflict("Cannot delete request validator '%s', is referenced in method: %s/%s", validator.ID, resource.Path, verb))
			}
		}
	}
	delete(api.Validators, validator.ID)
	return accepted()
}

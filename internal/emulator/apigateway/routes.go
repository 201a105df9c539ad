package apigateway

import (
	"net/http"

	"apigateway-maintenance/internal/emulator/awsproto"
)

const (
	pathAPI                 = "/restapis/{restapi_id}"
	pathResource            = pathAPI + "/resources/{resource_id}"
	pathMethod              = pathResource + "/methods/{http_method}"
	pathMethodResponse      = pathMethod + "/responses/{status_code}"
	pathIntegration         = pathMethod + "/integration"
	pathIntegrationResponse = pathIntegration + "/responses/{status_code}"
	pathGatewayResponse     = pathAPI + "/gatewayresponses/{response_type}"
	pathDeployment          = pathAPI + "/deployments/{deployment_id}"
	pathStage               = pathAPI + "/stages/{stage_name}"
	pathDomain              = "/domainnames/{domain_name}"
	pathMapping             = pathDomain + "/basepathmappings/{base_path}"
	pathModel               = pathAPI + "/models/{model_name}"
	pathValidator           = pathAPI + "/requestvalidators/{validator_id}"
	pathDocPart             = pathAPI + "/documentation/parts/{part_id}"
	pathVersion             = pathAPI + "/documentation/versions/{doc_version}"
	pathKey                 = "/apikeys/{api_key_id}"
	pathPlan                = "/usageplans/{usageplan_id}"
	pathPlanKey             = pathPlan + "/keys/{key_id}"
	pathTags                = "/tags/{resource_arn}"
)

// routes is every operation that the emulator has: its pattern, its name and
// what answers it.
var routes = []struct {
	pattern, operation string
	handle             func(*call) (answer, error)
}{
	{"GET /account", "GetAccount", getAccount},
	{"PATCH /account", "UpdateAccount", updateAccount},

	{"POST /restapis", "CreateRestApi", createRestAPI},
	{"GET /restapis", "GetRestApis", getRestAPIs},
	{"GET " + pathAPI, "GetRestApi", getRestAPI},
	{"PUT " + pathAPI, "PutRestApi", putRestAPI},
	{"PATCH " + pathAPI, "UpdateRestApi", updateRestAPI},
	{"DELETE " + pathAPI, "DeleteRestApi", deleteRestAPI},
	{"GET " + pathAPI + "/models", "GetModels", getModels},
	{"POST " + pathAPI + "/models", "CreateModel", createModel},
	{"GET " + pathModel, "GetModel", getModel},
	{"PATCH " + pathModel, "UpdateModel", updateModel},
	{"DELETE " + pathModel, "DeleteModel", deleteModel},

	{"POST " + pathAPI + "/requestvalidators", "CreateRequestValidator", createRequestValidator},
	{"GET " + pathAPI + "/requestvalidators", "GetRequestValidators", getRequestValidators},
	{"GET " + pathValidator, "GetRequestValidator", getRequestValidator},
	{"PATCH " + pathValidator, "UpdateRequestValidator", updateRequestValidator},
	{"DELETE " + pathValidator, "DeleteRequestValidator", deleteRequestValidator},

	{"POST " + pathAPI + "/documentation/parts", "CreateDocumentationPart", createDocumentationPart},
	{"GET " + pathAPI + "/documentation/parts", "GetDocumentationParts", getDocumentationParts},
	{"GET " + pathDocPart, "GetDocumentationPart", getDocumentationPart},
	{"PATCH " + pathDocPart, "UpdateDocumentationPart", updateDocumentationPart},
	{"DELETE " + pathDocPart, "DeleteDocumentationPart", deleteDocumentationPart},
	{"POST " + pathAPI + "/documentation/versions", "CreateDocumentationVersion", createDocumentationVersion},
	{"GET " + pathAPI + "/documentation/versions", "GetDocumentationVersions", getDocumentationVersions},
	{"GET " + pathVersion, "GetDocumentationVersion", getDocumentationVersion},
	{"PATCH " + pathVersion, "UpdateDocumentationVersion", updateDocumentationVersion},
	{"DELETE " + pathVersion, "DeleteDocumentationVersion", deleteDocumentationVersion},

	{"POST /apikeys", "CreateApiKey", createAPIKey},
	{"GET /apikeys", "GetApiKeys", getAPIKeys},
	{"GET " + pathKey, "GetApiKey", getAPIKey},
	{"PATCH " + pathKey, "UpdateApiKey", updateAPIKey},
	{"DELETE " + pathKey, "DeleteApiKey", deleteAPIKey},
	{"POST /usageplans", "CreateUsagePlan", createUsagePlan},
	{"GET /usageplans", "GetUsagePlans", getUsagePlans},
	{"GET " + pathPlan, "GetUsagePlan", getUsagePlan},
	{"PATCH " + pathPlan, "UpdateUsagePlan", updateUsagePlan},
	{"DELETE " + pathPlan, "DeleteUsagePlan", deleteUsagePlan},
	{"POST " + pathPlan + "/keys", "CreateUsagePlanKey", createUsagePlanKey},
	{"GET " + pathPlan + "/keys", "GetUsagePlanKeys", getUsagePlanKeys},
	{"GET " + pathPlanKey, "GetUsagePlanKey", getUsagePlanKey},
	{"DELETE " + pathPlanKey, "DeleteUsagePlanKey", deleteUsagePlanKey},

	{"GET " + pathAPI + "/resources", "GetResources", getResources},
	{"POST " + pathAPI + "/resources/{parent_id}", "CreateResource", createResource},
	{"GET " + pathResource, "GetResource", getResource},
	{"PATCH " + pathResource, "UpdateResource", updateResource},
	{"DELETE " + pathResource, "DeleteResource", deleteResource},

	{"PUT " + pathMethod, "PutMethod", putMethod},
	{"GET " + pathMethod, "GetMethod", getMethod},
	{"PATCH " + pathMethod, "UpdateMethod", updateMethod},
	{"DELETE " + pathMethod, "DeleteMethod", deleteMethod},
	{"PUT " + pathMethodResponse, "PutMethodResponse", putMethodResponse},
	{"GET " + pathMethodResponse, "GetMethodResponse", getMethodResponse},
	{"PATCH " + pathMethodResponse, "UpdateMethodResponse", updateMethodResponse},
	{"DELETE " + pathMethodResponse, "DeleteMethodResponse", deleteMethodResponse},

	{"PUT " + pathIntegration, "PutIntegration", putIntegration},
	{"GET " + pathIntegration, "GetIntegration", getIntegration},
	{"PATCH " + pathIntegration, "UpdateIntegration", updateIntegration},
	{"DELETE " + pathIntegration, "DeleteIntegration", deleteIntegration},
	{"PUT " + pathIntegrationResponse, "PutIntegrationResponse", putIntegrationResponse},
	{"GET " + pathIntegrationResponse, "GetIntegrationResponse", getIntegrationResponse},
	{"PATCH " + pathIntegrationResponse, "UpdateIntegrationResponse", updateIntegrationResponse},
	{"DELETE " + pathIntegrationResponse, "DeleteIntegrationResponse", deleteIntegrationResponse},

	{"GET " + pathAPI + "/gatewayresponses", "GetGatewayResponses", getGatewayResponses},
	{"PUT " + pathGatewayResponse, "PutGatewayResponse", putGatewayResponse},
	{"GET " + pathGatewayResponse, "GetGatewayResponse", getGatewayResponse},
	{"PATCH " + pathGatewayResponse, "UpdateGatewayResponse", updateGatewayResponse},
	{"DELETE " + pathGatewayResponse, "DeleteGatewayResponse", deleteGatewayResponse},

	{"POST " + pathAPI + "/deployments", "CreateDeployment", createDeployment},
	{"GET " + pathAPI + "/deployments", "GetDeployments", getDeployments},
	{"GET " + pathDeployment, "GetDeployment", getDeployment},
	{"PATCH " + pathDeployment, "UpdateDeployment", updateDeployment},
	{"DELETE " + pathDeployment, "DeleteDeployment", deleteDeployment},

	{"POST " + pathAPI + "/stages", "CreateStage", createStage},
	{"GET " + pathAPI + "/stages", "GetStages", getStages},
	{"GET " + pathStage, "GetStage", getStage},
	{"PATCH " + pathStage, "UpdateStage", updateStage},
	{"DELETE " + pathStage, "DeleteStage", deleteStage},

	{"POST /domainnames", "CreateDomainName", createDomainName},
	{"GET /domainnames", "GetDomainNames", getDomainNames},
	{"GET " + pathDomain, "GetDomainName", getDomainName},
	{"PATCH " + pathDomain, "UpdateDomainName", updateDomainName},
	{"DELETE " + pathDomain, "DeleteDomainName", deleteDomainName},

	{"POST " + pathDomain + "/basepathmappings", "CreateBasePathMapping", createBasePathMapping},
	{"GET " + pathDomain + "/basepathmappings", "GetBasePathMappings", getBasePathMappings},
	{"GET " + pathMapping, "GetBasePathMapping", getBasePathMapping},
	{"PATCH " + pathMapping, "UpdateBasePathMapping", updateBasePathMapping},
	{"DELETE " + pathMapping, "DeleteBasePathMapping", deleteBasePathMapping},

	{"GET " + pathTags, "GetTags", getTags},
	{"PUT " + pathTags, "TagResource", tagResource},
	{"DELETE " + pathTags, "UntagResource", untagResource},
}

// addOperations makes the routes findable.
func (s *Service) addOperations() {
	for _, route := range routes {
		s.operations.Add(route.pattern, route.operation, func(w http.ResponseWriter, r *awsproto.Request) error {
			return s.serve(w, r, route.handle)
		})
	}
}

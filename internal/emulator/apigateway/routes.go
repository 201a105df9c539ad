package apigateway

import "net/http"

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
	pathTags                = "/tags/{resource_arn}"
)

// routes is every operation that the emulator has.
var routes = []route{
	newRoute(http.MethodGet, "/account", "GetAccount", getAccount),
	newRoute(http.MethodPatch, "/account", "UpdateAccount", updateAccount),

	newRoute(http.MethodPost, "/restapis", "ImportRestApi", importRestAPI).with("mode", "import"),
	newRoute(http.MethodPost, "/restapis", "CreateRestApi", createRestAPI),
	newRoute(http.MethodGet, "/restapis", "GetRestApis", getRestAPIs),
	newRoute(http.MethodGet, pathAPI, "GetRestApi", getRestAPI),
	newRoute(http.MethodPut, pathAPI, "PutRestApi", putRestAPI),
	newRoute(http.MethodPatch, pathAPI, "UpdateRestApi", updateRestAPI),
	newRoute(http.MethodDelete, pathAPI, "DeleteRestApi", deleteRestAPI),
	newRoute(http.MethodGet, pathAPI+"/models", "GetModels", getModels),
	newRoute(http.MethodGet, pathAPI+"/models/{model_name}", "GetModel", getModel),

	newRoute(http.MethodGet, pathAPI+"/resources", "GetResources", getResources),
	newRoute(http.MethodPost, pathAPI+"/resources/{parent_id}", "CreateResource", createResource),
	newRoute(http.MethodGet, pathResource, "GetResource", getResource),
	newRoute(http.MethodPatch, pathResource, "UpdateResource", updateResource),
	newRoute(http.MethodDelete, pathResource, "DeleteResource", deleteResource),

	newRoute(http.MethodPut, pathMethod, "PutMethod", putMethod),
	newRoute(http.MethodGet, pathMethod, "GetMethod", getMethod),
	newRoute(http.MethodPatch, pathMethod, "UpdateMethod", updateMethod),
	newRoute(http.MethodDelete, pathMethod, "DeleteMethod", deleteMethod),
	newRoute(http.MethodPut, pathMethodResponse, "PutMethodResponse", putMethodResponse),
	newRoute(http.MethodGet, pathMethodResponse, "GetMethodResponse", getMethodResponse),
	newRoute(http.MethodPatch, pathMethodResponse, "UpdateMethodResponse", updateMethodResponse),
	newRoute(http.MethodDelete, pathMethodResponse, "DeleteMethodResponse", deleteMethodResponse),

	newRoute(http.MethodPut, pathIntegration, "PutIntegration", putIntegration),
	newRoute(http.MethodGet, pathIntegration, "GetIntegration", getIntegration),
	newRoute(http.MethodPatch, pathIntegration, "UpdateIntegration", updateIntegration),
	newRoute(http.MethodDelete, pathIntegration, "DeleteIntegration", deleteIntegration),
	newRoute(http.MethodPut, pathIntegrationResponse, "PutIntegrationResponse", putIntegrationResponse),
	newRoute(http.MethodGet, pathIntegrationResponse, "GetIntegrationResponse", getIntegrationResponse),
	newRoute(http.MethodPatch, pathIntegrationResponse, "UpdateIntegrationResponse", updateIntegrationResponse),
	newRoute(http.MethodDelete, pathIntegrationResponse, "DeleteIntegrationResponse", deleteIntegrationResponse),

	newRoute(http.MethodGet, pathAPI+"/gatewayresponses", "GetGatewayResponses", getGatewayResponses),
	newRoute(http.MethodPut, pathGatewayResponse, "PutGatewayResponse", putGatewayResponse),
	newRoute(http.MethodGet, pathGatewayResponse, "GetGatewayResponse", getGatewayResponse),
	newRoute(http.MethodPatch, pathGatewayResponse, "UpdateGatewayResponse", updateGatewayResponse),
	newRoute(http.MethodDelete, pathGatewayResponse, "DeleteGatewayResponse", deleteGatewayResponse),

	newRoute(http.MethodPost, pathAPI+"/deployments", "CreateDeployment", createDeployment),
	newRoute(http.MethodGet, pathAPI+"/deployments", "GetDeployments", getDeployments),
	newRoute(http.MethodGet, pathDeployment, "GetDeployment", getDeployment),
	newRoute(http.MethodPatch, pathDeployment, "UpdateDeployment", updateDeployment),
	newRoute(http.MethodDelete, pathDeployment, "DeleteDeployment", deleteDeployment),

	newRoute(http.MethodPost, pathAPI+"/stages", "CreateStage", createStage),
	newRoute(http.MethodGet, pathAPI+"/stages", "GetStages", getStages),
	newRoute(http.MethodGet, pathStage, "GetStage", getStage),
	newRoute(http.MethodPatch, pathStage, "UpdateStage", updateStage),
	newRoute(http.MethodDelete, pathStage, "DeleteStage", deleteStage),

	newRoute(http.MethodPost, "/domainnames", "CreateDomainName", createDomainName),
	newRoute(http.MethodGet, "/domainnames", "GetDomainNames", getDomainNames),
	newRoute(http.MethodGet, pathDomain, "GetDomainName", getDomainName),
	newRoute(http.MethodPatch, pathDomain, "UpdateDomainName", updateDomainName),
	newRoute(http.MethodDelete, pathDomain, "DeleteDomainName", deleteDomainName),

	newRoute(http.MethodPost, pathDomain+"/basepathmappings", "CreateBasePathMapping", createBasePathMapping),
	newRoute(http.MethodGet, pathDomain+"/basepathmappings", "GetBasePathMappings", getBasePathMappings),
	newRoute(http.MethodGet, pathMapping, "GetBasePathMapping", getBasePathMapping),
	newRoute(http.MethodPatch, pathMapping, "UpdateBasePathMapping", updateBasePathMapping),
	newRoute(http.MethodDelete, pathMapping, "DeleteBasePathMapping", deleteBasePathMapping),

	newRoute(http.MethodGet, pathTags, "GetTags", getTags),
	newRoute(http.MethodPut, pathTags, "TagResource", tagResource),
	newRoute(http.MethodDelete, pathTags, "UntagResource", untagResource),
}

"use strict";
function apiGatewayDeploymentCanarySettingsToHclTerraform(struct) {
    const attrs = {
        percent_traffic: {
            value: cdktn.numberToHclTerraform(struct.percentTraffic),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
}
class ApiGatewayDeploymentCanarySettingsOutputReference extends cdktn.ComplexObject {
    // percent_traffic - computed: false, optional: false, required: true
    get percentTraffic() {
        return this.getNumberAttribute('percent_traffic');
    }
}
class ApiGatewayDeploymentCanarySettingsList extends cdktn.ComplexList {
}
class ApiGatewayDeployment extends cdktn.TerraformResource {
    static generateConfigForImport(scope, importToId, importFromId, provider) {
        return new cdktn.ImportableResource(scope, importToId, { terraformResourceType: "aws_api_gateway_deployment", importId: importFromId, provider });
    }
    constructor(scope, id, config) {
        super(scope, id, {
            terraformResourceType: 'aws_api_gateway_deployment',
        });
        // canary_settings
        this._canarySettings = new ApiGatewayDeploymentCanarySettingsList(this, "canary_settings", false);
        // tags
        this._tags = new cdktn.StringMap(this, "tags");
    }
    get id() {
        return this.getStringAttribute('id');
    }
    // rest_api_id - computed: false, optional: false, required: true
    get restApiId() {
        return this.getStringAttribute('rest_api_id');
    }
    synthesizeHclAttributes() {
        const attrs = {
            rest_api_id: {
                value: cdktn.stringToHclTerraform(this._restApiId),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            tags: {
                value: cdktn.hashMapperHcl(cdktn.stringToHclTerraform)(this._tags),
                isBlock: false,
                type: "map",
                storageClassType: "stringMap",
            },
            canary_settings: {
                value: cdktn.listMapperHcl(apiGatewayDeploymentCanarySettingsToHclTerraform, true)(this._canarySettings.internalValue),
                isBlock: true,
            },
        };
    }
}

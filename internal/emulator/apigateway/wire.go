package apigateway

import "apigateway-maintenance/internal/emulator/definition"

// updatedAPI is an API as all calls but its creation and the list answer it: with
// its tags even where there are none (recorded by LocalStack's validated
// test_put_rest_api_mode_binary_media_types).
type updatedAPI struct {
	*definition.API
	Tags     map[string]string `json:"tags"`
	Warnings []string          `json:"warnings,omitempty"` // of an import
}

func updated(api *definition.API) updatedAPI {
	tags := api.Tags
	if tags == nil {
		tags = map[string]string{}
	}
	return updatedAPI{API: api, Tags: tags}
}

// resourceDoc is a resource with its methods.
type resourceDoc struct {
	*definition.Resource
	ResourceMethods map[string]any `json:"resourceMethods,omitempty"`
}

// resourceDocOf shows the methods themselves only if they are asked for; else
// each is an empty object.
func resourceDocOf(r *definition.Resource, withMethods bool) resourceDoc {
	doc := resourceDoc{Resource: r, ResourceMethods: map[string]any{}}
	for verb, method := range r.Methods {
		doc.ResourceMethods[verb] = struct{}{}
		if withMethods {
			doc.ResourceMethods[verb] = method
		}
	}
	return doc
}

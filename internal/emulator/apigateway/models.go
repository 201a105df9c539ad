package apigateway

type modelDoc struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	ContentType string `json:"contentType"`
	Schema      string `json:"schema"`
}

// models are the two that API Gateway makes for every API.
var models = []modelDoc{
	{
		ID: "empty1", Name: emptyModel, Description: "This is a default empty schema model", ContentType: "application/json",
		Schema: "{\n  \"$schema\": \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Empty Schema\",\n  \"type\" : \"object\"\n}",
	},
	{
		ID: "error1", Name: errorModel, Description: "This is a default error schema model", ContentType: "application/json",
		Schema: "{\n  \"$schema\" : \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Error Schema\",\n  \"type\" : \"object\",\n  \"properties\" : {\n    \"message\" : { \"type\" : \"string\" }\n  }\n}",
	},
}

func getModels(c *call) (answer, error) {
	if _, err := c.api(); err != nil {
		return refused(err)
	}
	return page(c, models)
}

func getModel(c *call) (answer, error) {
	if _, err := c.api(); err != nil {
		return refused(err)
	}
	for _, model := range models {
		if model.Name == c.PathValue("model_name") {
			return ok(model)
		}
	}
	return refused(notFound("Invalid model name specified: %s", c.PathValue("model_name")))
}

package execution

// authorize refuses calls without the credentials that a method wants, as AWS
// does. With credentials it fails as a misconfigured authorizer: the emulator
// can check none, and letting them through would be worse.
func (c *call) authorize() *failure {
	d := c.method.definition
	if d.APIKeyRequired && !c.hasAPIKey() {
		return fail("INVALID_API_KEY")
	}
	hasToken := c.r.Header.Get("Authorization") != ""
	switch {
	case d.AuthorizationType == "" || d.AuthorizationType == "NONE":
		return nil
	case hasToken:
		return fail("AUTHORIZER_CONFIGURATION_ERROR")
	case d.AuthorizationType == "AWS_IAM":
		return fail("MISSING_AUTHENTICATION_TOKEN")
	}
	return fail("UNAUTHORIZED")
}

// hasAPIKey tells whether the request bears a key whose usage plan opens the
// stage. Where an authorizer was to give the key, there is none.
func (c *call) hasAPIKey() bool {
	return c.place.stage.Snapshot.APIKeySource != "AUTHORIZER" && c.place.stage.APIKeys[c.r.Header.Get("X-Api-Key")]
}

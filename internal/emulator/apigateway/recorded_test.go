package apigateway_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// raw sends a call that the SDK would not send.
func (w *world) raw(method, path, body string) (status int, answer string) {
	w.Helper()
	request, err := http.NewRequestWithContext(w.ctx(), method, w.url+path, strings.NewReader(body))
	require.NoError(w, err)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=key/20261124/eu-west-1/apigateway/aws4_request")
	response, err := http.DefaultClient.Do(request)
	require.NoError(w, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(w, err)
	return response.StatusCode, string(text)
}

// TestAnOddTemplateIsRefusedBeforeItsStatusIsLookedAt: the method declares no 418
// (recorded by LocalStack).
func TestAnOddTemplateIsRefusedBeforeItsStatusIsLookedAt(t *testing.T) {
	s := newSingle(t)
	_, err := s.integration(nil)
	require.NoError(t, err)
	s.badRequest(s.answer("418", nil, map[string]string{"123": "x"}), "Validation Result: warnings : [], errors : [Invalid content type specified: 123]")
	s.notFound(s.answer("418", nil, map[string]string{"application/json": "x"}), "Invalid Response status code specified")
}

// TestAValueOfTheWrongTypeIsNamedAsJavaDoes sends what the SDK would not
// (recorded by LocalStack).
func TestAValueOfTheWrongTypeIsNamedAsJavaDoes(t *testing.T) {
	s := newSingle(t)
	for value, class := range map[string]string{"true": "java.lang.Boolean", "123": "com.amazon.coral.value.json.numbers.TruncatingBigNumber"} {
		body := `{"type":"MOCK","requestTemplates":{"application/json":` + value + `}}`
		status, answer := s.raw(http.MethodPut, "/restapis/"+*s.api+"/resources/"+*s.root+"/methods/GET/integration", body)
		assert.Equal(t, http.StatusBadRequest, status)
		assert.JSONEq(t, `{"message":"class `+class+` can not be converted to an String"}`, answer)
	}
}

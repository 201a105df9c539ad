package sandbox_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/sandbox"
)

func start(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Start(t.Context(), emulator.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func TestItHasWhatTheModulesNeverMake(t *testing.T) {
	s := start(t)
	assert.Equal(t, 1, s.Emulator.Inventory()["hosted_zones"])
	found, err := acm.NewFromConfig(s.Config()).DescribeCertificate(t.Context(), &acm.DescribeCertificateInput{CertificateArn: &s.CertificateARN})
	require.NoError(t, err)
	assert.Equal(t, types.CertificateStatusIssued, found.Certificate.Status)
	assert.Equal(t, sandbox.Zone, aws.ToString(found.Certificate.DomainName))

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.Backend.URL+"/orders/42", http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var told map[string]string
	require.NoError(t, json.NewDecoder(response.Body).Decode(&told))
	assert.Equal(t, map[string]string{"service": "orders", "method": "PUT", "path": "/orders/42"}, told)
}

func TestExportsGiveTheVariablesOfTheBasicExample(t *testing.T) {
	s := start(t)
	exported := map[string]string{}
	for _, entry := range s.Exports("/ca.pem") {
		name, value, _ := strings.Cut(entry, "=")
		exported[name] = value
	}
	for name, value := range s.Vars() {
		assert.Equal(t, value, exported["TF_VAR_"+name], name)
	}
	assert.Equal(t, "/ca.pem", exported["MAINTENANCE_CA_FILE"])
	assert.Equal(t, exported["EMULATOR_DNS"], exported["MAINTENANCE_RESOLVER"])
	assert.NotEmpty(t, exported["AWS_ENDPOINT_URL"])
}

func TestAnExampleIsCopiedWithTheModulesThatItCalls(t *testing.T) {
	dir := t.TempDir()
	root, err := sandbox.CopyExample(dir, "basic", map[string]any{"domain_name": "api.example.com"})
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(dir, "examples", "basic"), root)
	assert.FileExists(t, filepath.Join(root, "main.tf"))
	assert.FileExists(t, filepath.Join(dir, "modules", "maintenance-api", "versions.tf"))
	text, err := os.ReadFile(filepath.Join(root, "terraform.tfvars.json"))
	require.NoError(t, err)
	assert.JSONEq(t, `{"domain_name": "api.example.com"}`, string(text))

	_, err = sandbox.CopyExample(t.TempDir(), "nosuch", nil)
	assert.ErrorContains(t, err, `there is no example "nosuch"`)
}

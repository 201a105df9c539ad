package apigateway_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	control "apigateway-maintenance/internal/emulator/apigateway"
	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/definition"
)

// certificates is an ACM that holds what a test puts in.
type certificates map[string]control.Certificate

func (c certificates) Certificate(arn string) (control.Certificate, bool) {
	certificate, found := c[arn]
	return certificate, found
}

const arnPrefix = "arn:aws:acm:"

func certificateArn(region, id string) string {
	return arnPrefix + region + ":" + awsproto.AccountID + ":certificate/" + id
}

// world is a control plane behind HTTP, with an SDK client.
type world struct {
	*testing.T
	service *control.Service
	client  *apigateway.Client // of eu-west-1
	url     string
	views   []*definition.View
	notices []string
	certs   certificates
	now     time.Time
}

// newWorld starts a control plane that knows an issued certificate "good" of
// *.example.com in eu-west-1 and in us-east-1.
func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, func(*control.Config) {})
}

// newWorldWith is newWorld with some of its configuration changed.
func newWorldWith(t *testing.T, change func(*control.Config)) *world {
	t.Helper()
	w := &world{T: t, certs: certificates{}, now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)}
	for _, region := range []string{"eu-west-1", "us-east-1"} {
		w.addCertificate(region, "good", "ISSUED", "*.example.com")
	}
	config := control.Config{
		Certificates: w.certs,
		Truststores: func(uri string) ([]byte, bool) {
			return []byte("PEM"), uri == "s3://bucket/truststore.pem"
		},
		Now:      func() time.Time { return w.now },
		Notice:   func(sentence string) { w.notices = append(w.notices, sentence) },
		OnChange: func(v *definition.View) { w.views = append(w.views, v) },
	}
	change(&config)
	w.service = control.New(config)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { serve(w.service, rw, r) }))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.client = w.in("eu-west-1")
	return w
}

func (w *world) addCertificate(region, id, status string, names ...string) string {
	arn := certificateArn(region, id)
	w.certs[arn] = control.Certificate{ARN: arn, Region: region, Status: status, Names: names}
	return arn
}

// in makes a client of a region that asks only once.
func (w *world) in(region string) *apigateway.Client {
	return apigateway.New(apigateway.Options{
		Region:       region,
		BaseEndpoint: aws.String(w.url),
		Credentials:  credentials.NewStaticCredentialsProvider("key", "secret", ""),
		Retryer:      aws.NopRetryer{},
	})
}

// serve does what the API endpoint's front does: it reads the credential scope
// and hands the request on.
func serve(service *control.Service, w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	parts := strings.Split(scope, "/")
	request := &awsproto.Request{Request: r, Service: "apigateway", Region: parts[2], Payload: payload, ID: "id"}
	if service.Operation(request) == "" {
		service.WriteError(w, awsproto.Unsupported("an operation"), "id")
		return
	}
	if err := service.Serve(w, request); err != nil {
		var refusal *awsproto.Error
		if !errors.As(err, &refusal) {
			panic(err)
		}
		service.WriteError(w, refusal, "id")
	}
}

func (w *world) ctx() context.Context { return w.Context() }

// refuses demands that a call was refused with a status, an error type and a
// part of the message.
func (w *world) refuses(err error, status int, code, message string) {
	w.Helper()
	var apiError smithy.APIError
	require.ErrorAs(w, err, &apiError)
	require.Equal(w, code, apiError.ErrorCode())
	require.Contains(w, apiError.ErrorMessage(), message)
	var response interface{ HTTPStatusCode() int }
	require.ErrorAs(w, err, &response)
	require.Equal(w, status, response.HTTPStatusCode())
}

func (w *world) badRequest(err error, message string) {
	w.Helper()
	w.refuses(err, http.StatusBadRequest, "BadRequestException", message)
}

// unsupported demands a refusal of the emulator's own.
func (w *world) unsupported(err error, message string) {
	w.Helper()
	w.refuses(err, http.StatusNotImplemented, awsproto.NotSupported, "The embedded AWS does not do this: "+message)
}

// refusedWith demands a bad request or, where the message begins with "own: ", a
// refusal of the emulator's own.
func (w *world) refusedWith(err error, message string) {
	w.Helper()
	if own, isOwn := strings.CutPrefix(message, "own: "); isOwn {
		w.unsupported(err, own)
		return
	}
	w.badRequest(err, message)
}

func (w *world) notFound(err error, message string) {
	w.Helper()
	w.refuses(err, http.StatusNotFound, "NotFoundException", message)
}

func (w *world) conflict(err error, message string) {
	w.Helper()
	w.refuses(err, http.StatusConflict, "ConflictException", message)
}

func replace(path, value string) types.PatchOperation {
	return types.PatchOperation{Op: types.OpReplace, Path: aws.String(path), Value: aws.String(value)}
}

// api makes an empty REGIONAL API.
func (w *world) api(name string) *apigateway.CreateRestApiOutput {
	w.Helper()
	api, err := w.client.CreateRestApi(w.ctx(), &apigateway.CreateRestApiInput{
		Name:                  aws.String(name),
		EndpointConfiguration: &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeRegional}},
	})
	require.NoError(w, err)
	return api
}

// put imports a document with mode=overwrite.
func (w *world) put(api, document string) (*apigateway.PutRestApiOutput, error) {
	return w.client.PutRestApi(w.ctx(), &apigateway.PutRestApiInput{RestApiId: aws.String(api), Mode: types.PutModeOverwrite, Body: []byte(document)})
}

// mockDocument is a small API with one mock.
const mockDocument = `{
  "openapi": "3.0.1",
  "info": {"title": "mock", "version": "1.0"},
  "paths": {"/{proxy+}": {"x-amazon-apigateway-any-method": {
    "responses": {"503": {"description": "down", "headers": {"Retry-After": {"schema": {"type": "string"}}}}},
    "x-amazon-apigateway-integration": {
      "type": "mock", "passthroughBehavior": "never",
      "requestTemplates": {"application/json": "{\"statusCode\": 503}"},
      "responses": {"default": {
        "statusCode": "503",
        "responseParameters": {"method.response.header.Retry-After": "'120'"},
        "responseTemplates": {"application/json": "{\"message\":\"down\"}"}
      }}
    }
  }}},
  "x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {"statusCode": 503, "responseTemplates": {"application/json": "{}"}}}
}`

// deployed makes an API of the mock document with one stage.
func (w *world) deployed(name, stage string) (api, deployment string) {
	w.Helper()
	created := w.api(name)
	_, err := w.put(*created.Id, mockDocument)
	require.NoError(w, err)
	made, err := w.client.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{RestApiId: created.Id})
	require.NoError(w, err)
	w.stage(*created.Id, stage, *made.Id)
	return *created.Id, *made.Id
}

func (w *world) stage(api, name, deployment string) {
	w.Helper()
	_, err := w.client.CreateStage(w.ctx(), &apigateway.CreateStageInput{
		RestApiId: aws.String(api), StageName: aws.String(name), DeploymentId: aws.String(deployment),
	})
	require.NoError(w, err)
}

// domain makes a REGIONAL domain.
func (w *world) domain(name string) *apigateway.CreateDomainNameOutput {
	w.Helper()
	domain, err := w.client.CreateDomainName(w.ctx(), &apigateway.CreateDomainNameInput{
		DomainName: aws.String(name), RegionalCertificateArn: aws.String(certificateArn("eu-west-1", "good")),
		EndpointConfiguration: &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeRegional}},
	})
	require.NoError(w, err)
	return domain
}

func (w *world) mapPath(domain, path, api, stage string) error {
	_, err := w.client.CreateBasePathMapping(w.ctx(), &apigateway.CreateBasePathMappingInput{
		DomainName: aws.String(domain), BasePath: aws.String(path), RestApiId: aws.String(api), Stage: aws.String(stage),
	})
	return err
}

// patchMapping sends an UpdateBasePathMapping.
func (w *world) patchMapping(domain, path string, patches ...types.PatchOperation) (*apigateway.UpdateBasePathMappingOutput, error) {
	return w.client.UpdateBasePathMapping(w.ctx(), &apigateway.UpdateBasePathMappingInput{
		DomainName: aws.String(domain), BasePath: aws.String(path), PatchOperations: patches,
	})
}

// methodsOf reads the methods of a path, by verb; none if there is no such path.
func (w *world) methodsOf(api, path string) map[string]types.Method {
	w.Helper()
	resources, err := w.client.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: &api, Embed: []string{"methods"}})
	require.NoError(w, err)
	for _, resource := range resources.Items {
		if *resource.Path == path {
			return resource.ResourceMethods
		}
	}
	return nil
}

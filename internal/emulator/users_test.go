package emulator_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	r53types "github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

// userSDK is a configuration with a user's keys.
func userSDK(e *emulator.Emulator, u *emulator.User) aws.Config {
	settings := sdk(e)
	env := entries(u.Env())
	settings.Credentials = credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], "")
	return settings
}

// need is a call and the permissions it takes, in the order in which they are
// asked for, as action and resource.
type need struct {
	name        string
	call        func(context.Context, aws.Config) error
	permissions [][2]string
	status      int    // of a refusal
	code        string // of a refusal
}

func gatewayNeeds() []need {
	const region = "arn:aws:apigateway:eu-west-1::"
	as := func(name string, call func(context.Context, *apigateway.Client) error, permissions ...[2]string) need {
		return need{name, func(ctx context.Context, c aws.Config) error { return call(ctx, apigateway.NewFromConfig(c)) }, permissions, http.StatusForbidden, "AccessDeniedException"}
	}
	tags := map[string]string{"team": "orders"}
	return []need{
		as("the switch", func(ctx context.Context, c *apigateway.Client) error {
			_, err := c.UpdateBasePathMapping(ctx, &apigateway.UpdateBasePathMappingInput{DomainName: aws.String("a.example"), BasePath: aws.String("orders")})
			return err
		}, [2]string{"apigateway:PATCH", region + "/domainnames/a.example/basepathmappings/orders"}),
		as("a look at the root's mapping", func(ctx context.Context, c *apigateway.Client) error {
			_, err := c.GetBasePathMapping(ctx, &apigateway.GetBasePathMappingInput{DomainName: aws.String("a.example"), BasePath: aws.String("(none)")})
			return err
		}, [2]string{"apigateway:GET", region + "/domainnames/a.example/basepathmappings/%28none%29"}),
		as("a new API", func(ctx context.Context, c *apigateway.Client) error {
			_, err := c.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: aws.String("x")})
			return err
		}, [2]string{"apigateway:POST", region + "/restapis"}),
		as("a new API with tags and a policy", func(ctx context.Context, c *apigateway.Client) error {
			_, err := c.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: aws.String("x"), Tags: tags, Policy: aws.String("{}")})
			return err
		}, [2]string{"apigateway:POST", region + "/restapis"},
			[2]string{"apigateway:PUT", region + "/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Frestapis%2F*"},
			[2]string{"apigateway:UpdateRestApiPolicy", region + "/restapis"}),
		as("a new policy of an API", func(ctx context.Context, c *apigateway.Client) error {
			_, err := c.UpdateRestApi(ctx, &apigateway.UpdateRestApiInput{RestApiId: aws.String("abc"), PatchOperations: []apitypes.PatchOperation{{Op: apitypes.OpReplace, Path: aws.String("/policy"), Value: aws.String("{}")}}})
			return err
		}, [2]string{"apigateway:PATCH", region + "/restapis/abc"}, [2]string{"apigateway:UpdateRestApiPolicy", region + "/restapis/abc"}),
		as("tags", func(ctx context.Context, c *apigateway.Client) error {
			_, err := c.TagResource(ctx, &apigateway.TagResourceInput{ResourceArn: aws.String(region + "/restapis/abc"), Tags: tags})
			return err
		}, [2]string{"apigateway:PUT", region + "/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Frestapis%2Fabc"}, [2]string{"apigateway:PATCH", region + "/restapis/abc"}),
		as("other certificates to trust", func(ctx context.Context, c *apigateway.Client) error {
			_, err := c.UpdateDomainName(ctx, &apigateway.UpdateDomainNameInput{DomainName: aws.String("a.example"), PatchOperations: []apitypes.PatchOperation{
				{Op: apitypes.OpReplace, Path: aws.String("/mutualTlsAuthentication/truststoreUri"), Value: aws.String("s3://a/b")},
				{Op: apitypes.OpReplace, Path: aws.String("/mutualTlsAuthentication/truststoreVersion"), Value: aws.String("")},
			}})
			return err
		}, [2]string{"apigateway:PATCH", region + "/domainnames/a.example"},
			[2]string{"apigateway:AddCertificateToDomain", region + "/domainnames/a.example"},
			[2]string{"apigateway:RemoveCertificateFromDomain", region + "/domainnames/a.example"}),
	}
}

func otherNeeds() []need {
	dns := func(name string, call func(context.Context, *route53.Client) error, permissions ...[2]string) need {
		return need{name, func(ctx context.Context, c aws.Config) error { return call(ctx, route53.NewFromConfig(c)) }, permissions, http.StatusForbidden, "AccessDenied"}
	}
	certificates := func(name string, call func(context.Context, *acm.Client) error, permissions ...[2]string) need {
		return need{name, func(ctx context.Context, c aws.Config) error { return call(ctx, acm.NewFromConfig(c)) }, permissions, http.StatusBadRequest, "AccessDeniedException"}
	}
	const certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
	return []need{
		dns("a new zone", func(ctx context.Context, c *route53.Client) error {
			_, err := c.CreateHostedZone(ctx, &route53.CreateHostedZoneInput{Name: aws.String("b.example"), CallerReference: aws.String("b")})
			return err
		}, [2]string{"route53:CreateHostedZone", "*"}),
		dns("a record", func(ctx context.Context, c *route53.Client) error {
			_, err := c.ChangeResourceRecordSets(ctx, recordChange("Z1", "a.example", r53types.RRTypeA))
			return err
		}, [2]string{"route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1"}),
		dns("a change", func(ctx context.Context, c *route53.Client) error {
			_, err := c.GetChange(ctx, &route53.GetChangeInput{Id: aws.String("C1")})
			return err
		}, [2]string{"route53:GetChange", "arn:aws:route53:::change/C1"}),
		dns("a zone's tags", func(ctx context.Context, c *route53.Client) error {
			_, err := c.ListTagsForResource(ctx, &route53.ListTagsForResourceInput{ResourceId: aws.String("Z1"), ResourceType: r53types.TagResourceTypeHostedzone})
			return err
		}, [2]string{"route53:ListTagsForResource", "arn:aws:route53:::hostedzone/Z1"}),
		certificates("a certificate", func(ctx context.Context, c *acm.Client) error {
			_, err := c.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: aws.String(certificate)})
			return err
		}, [2]string{"acm:DescribeCertificate", certificate}),
		certificates("all certificates", func(ctx context.Context, c *acm.Client) error {
			_, err := c.ListCertificates(ctx, &acm.ListCertificatesInput{})
			return err
		}, [2]string{"acm:ListCertificates", "*"}),
	}
}

func recordChange(zone, name string, kind r53types.RRType) *route53.ChangeResourceRecordSetsInput {
	return &route53.ChangeResourceRecordSetsInput{HostedZoneId: aws.String(zone), ChangeBatch: &r53types.ChangeBatch{Changes: []r53types.Change{{
		Action: r53types.ChangeActionUpsert,
		ResourceRecordSet: &r53types.ResourceRecordSet{Name: aws.String(name), Type: kind, TTL: aws.Int64(60),
			ResourceRecords: []r53types.ResourceRecord{{Value: aws.String("192.0.2.1")}}},
	}}}}
}

func allowing(action, resource, condition string) string {
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": %q, "Resource": %q%s}]}`, action, resource, condition)
}

// TestACallNeedsItsPermissions gives a user one permission after another and
// sees each one asked for, by name and in AWS's words, until the call is let
// through to its service.
func TestACallNeedsItsPermissions(t *testing.T) {
	t.Parallel()
	e := start(t, emulator.Config{})
	user, err := e.AddUser("operator")
	require.NoError(t, err)
	for _, n := range append(gatewayNeeds(), otherNeeds()...) {
		t.Run(n.name, func(t *testing.T) {
			var allowed []string
			for _, p := range n.permissions {
				require.NoError(t, user.SetPolicies(allowed...))
				err := n.call(t.Context(), userSDK(e, user))
				var refusal smithy.APIError
				require.ErrorAs(t, err, &refusal)
				assert.Equal(t, n.code, refusal.ErrorCode())
				assert.Equal(t, fmt.Sprintf("User: arn:aws:iam::123456789012:user/operator is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action", p[0], p[1], p[0]), refusal.ErrorMessage())
				var response *smithyhttp.ResponseError
				require.ErrorAs(t, err, &response)
				assert.Equal(t, n.status, response.HTTPStatusCode())
				allowed = append(allowed, allowing(p[0], p[1], ""))
			}
			require.NoError(t, user.SetPolicies(allowed...))
			if err := n.call(t.Context(), userSDK(e, user)); err != nil {
				assert.NotContains(t, err.Error(), "AccessDenied")
			}
		})
	}
}

func TestAnExplicitDenyIsToldAsSuch(t *testing.T) {
	t.Parallel()
	e := start(t, emulator.Config{})
	user, err := e.AddUser("operator", `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "apigateway:GET", "Resource": "*"}]}`)
	require.NoError(t, err)
	_, err = apigateway.NewFromConfig(userSDK(e, user)).GetRestApis(t.Context(), &apigateway.GetRestApisInput{})
	require.ErrorContains(t, err, "is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:eu-west-1::/restapis with an explicit deny in an identity-based policy")
}

func TestConditionsSeeTheRegionAndTheRecords(t *testing.T) {
	t.Parallel()
	e := start(t, emulator.Config{})
	user, err := e.AddUser("operator",
		allowing("apigateway:GET", "*", `, "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`),
		allowing("route53:ChangeResourceRecordSets", "*", `, "Condition": {"ForAllValues:StringEquals": {
			"route53:ChangeResourceRecordSetsNormalizedRecordNames": ["api.a.example"], "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA"], "route53:ChangeResourceRecordSetsActions": "UPSERT"}}`))
	require.NoError(t, err)
	here := userSDK(e, user)
	elsewhere := here.Copy()
	elsewhere.Region = "us-east-1"
	list := func(c aws.Config) error {
		_, err := apigateway.NewFromConfig(c).GetRestApis(t.Context(), &apigateway.GetRestApisInput{})
		return err
	}
	require.NoError(t, list(elsewhere))
	require.ErrorContains(t, list(here), "AccessDenied")

	zone, err := route53.NewFromConfig(sdk(e)).CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{Name: aws.String("a.example"), CallerReference: aws.String("a")})
	require.NoError(t, err)
	set := func(name string, kind r53types.RRType) error {
		_, err := route53.NewFromConfig(here).ChangeResourceRecordSets(t.Context(), recordChange(*zone.HostedZone.Id, name, kind))
		return err
	}
	require.NoError(t, set("API.a.example.", r53types.RRTypeA))
	require.ErrorContains(t, set("www.a.example", r53types.RRTypeA), "AccessDenied")
	require.ErrorContains(t, set("api.a.example", r53types.RRTypeTxt), "AccessDenied")
}

func TestWhoHoldsTheKeysIsToldAndMayAsk(t *testing.T) {
	t.Parallel()
	e := start(t, emulator.Config{})
	user, err := e.AddUser("operator", `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}`)
	require.NoError(t, err)
	for want, settings := range map[string]aws.Config{"user/operator": userSDK(e, user), "user/emulator": sdk(e)} {
		who, err := sts.NewFromConfig(settings).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		require.NoError(t, err)
		assert.Equal(t, "arn:aws:iam::123456789012:"+want, *who.Arn)
	}
	_, err = e.AddUser("other", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}`)
	require.ErrorContains(t, err, "aws:MultiFactorAuthPresent")
}

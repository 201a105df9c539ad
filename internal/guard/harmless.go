package guard

import "slices"

// What may be read while a plan is applied, because reading it can do nothing
// else. The first group is worked out by the provider itself; the others each
// make one call that describes something. A data source that can act, such as
// aws_lambda_invocation, or that any address can be given to, such as http,
// does not belong here. policies/maintenance.rego has the same lists.
var (
	harmlessReads = []string{
		"aws_arn", "aws_iam_policy_document", "aws_partition", "aws_region", "aws_service_principal",
		"aws_acm_certificate", "aws_api_gateway_domain_name", "aws_api_gateway_rest_api", "aws_caller_identity", "aws_route53_zone",
	}
	harmlessEphemerals = []string{"aws_secretsmanager_secret_version", "aws_ssm_parameter"}
)

func harmlessEphemeral(kind string) bool { return slices.Contains(harmlessEphemerals, kind) }

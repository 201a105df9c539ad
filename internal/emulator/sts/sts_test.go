package sts_test

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/awsproto/awstest"
	"apigateway-maintenance/internal/emulator/sts"
)

func TestTheCallerIsTheEmulatorsAccount(t *testing.T) {
	const arn = "arn:aws:iam::" + awsproto.AccountID + ":user/operator"
	holder := func(string) (string, string) { return arn, "AIDAEXAMPLE" }
	client := sdk.NewFromConfig(awstest.Serve(t, sts.New(holder)))
	identity, err := client.GetCallerIdentity(t.Context(), &sdk.GetCallerIdentityInput{})
	require.NoError(t, err)
	assert.Equal(t, awsproto.AccountID, *identity.Account)
	assert.Equal(t, arn, *identity.Arn)
	assert.Equal(t, "AIDAEXAMPLE", *identity.UserId)
}

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
	client := sdk.NewFromConfig(awstest.Serve(t, sts.New()))
	identity, err := client.GetCallerIdentity(t.Context(), &sdk.GetCallerIdentityInput{})
	require.NoError(t, err)
	assert.Equal(t, awsproto.AccountID, *identity.Account)
}

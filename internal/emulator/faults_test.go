package emulator_test

import (
	"errors"
	"io"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

// An update whose answer does not arrive has happened all the same: the caller
// cannot know, and the state of AWS can.
func TestACallWhoseAnswerIsLostOrCutHasTakenEffect(t *testing.T) {
	t.Parallel()
	for code, fault := range map[string]emulator.Fault{"AnswerLost": {Lost: true}, "AnswerCut": {Cut: true}} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, emulator.Config{}, nil)
			other := w.deploy(t, "201")
			fault.Operation = "UpdateBasePathMapping"
			w.SetFaults(&emulator.Faults{Rules: []emulator.Fault{fault}})
			move := func(api string) error {
				_, err := w.gateway.UpdateBasePathMapping(t.Context(), &apigateway.UpdateBasePathMappingInput{DomainName: aws.String(domainName), BasePath: aws.String("(none)"),
					PatchOperations: []apitypes.PatchOperation{{Op: apitypes.OpReplace, Path: aws.String("/restapiId"), Value: aws.String(api)}}})
				return err
			}
			err := move(other)
			require.Error(t, err)
			assert.True(t, errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF), "%v", err)
			calls := w.Calls()
			assert.Equal(t, code, calls[len(calls)-1].ErrorCode)

			mapping, err := w.gateway.GetBasePathMapping(t.Context(), &apigateway.GetBasePathMappingInput{DomainName: aws.String(domainName), BasePath: aws.String("(none)")})
			require.NoError(t, err)
			assert.Equal(t, other, *mapping.RestApiId)

			require.ErrorContains(t, move("none"), "Invalid API identifier", "a call that is refused is told so")
		})
	}
}

package logs_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto/awstest"
	"apigateway-maintenance/internal/emulator/logs"
)

var group = aws.String("/aws/lambda/orders")

// newGroup is a service with one group, seen by the SDK.
func newGroup(t *testing.T) (*logs.Service, *cloudwatchlogs.Client) {
	t.Helper()
	groups := logs.New(nil)
	client := cloudwatchlogs.NewFromConfig(awstest.Serve(t, groups))
	_, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group, Tags: map[string]string{"team": "shop"}})
	require.NoError(t, err)
	return groups, client
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	var refusal smithy.APIError
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, code, refusal.ErrorCode(), "%v", err)
}

func TestAGroupHasItsRetentionAndTags(t *testing.T) {
	t.Parallel()
	_, client := newGroup(t)
	_, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})
	refused(t, err, "ResourceAlreadyExistsException")
	_, err = client.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: group, RetentionInDays: aws.Int32(29)})
	refused(t, err, "InvalidParameterException")
	_, err = client.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: group, RetentionInDays: aws.Int32(30)})
	require.NoError(t, err)

	found, err := client.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/aws/")})
	require.NoError(t, err)
	require.Len(t, found.LogGroups, 1)
	assert.EqualValues(t, 30, *found.LogGroups[0].RetentionInDays)
	tags, err := client.ListTagsForResource(t.Context(), &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: found.LogGroups[0].LogGroupArn})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"team": "shop"}, tags.Tags)

	_, err = client.DeleteLogGroup(t.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: group})
	require.NoError(t, err)
	_, err = client.DeleteLogGroup(t.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: group})
	refused(t, err, "ResourceNotFoundException")
}

func TestEventsAreReadAsTheyWerePut(t *testing.T) {
	t.Parallel()
	groups, client := newGroup(t)
	stream := aws.String("one")
	put := func(messages ...string) error {
		var events []types.InputLogEvent
		for i, message := range messages {
			events = append(events, types.InputLogEvent{Message: aws.String(message), Timestamp: aws.Int64(time.Now().UnixMilli() + int64(i))})
		}
		_, err := client.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: stream, LogEvents: events})
		return err
	}
	refused(t, put("too early"), "ResourceNotFoundException")
	_, err := client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream})
	require.NoError(t, err)
	require.NoError(t, put("order 1: tea", "order 2: coffee"))

	first, err := client.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{LogGroupName: group, LogStreamName: stream, StartFromHead: aws.Bool(true)})
	require.NoError(t, err)
	require.Len(t, first.Events, 2)
	assert.Equal(t, "order 1: tea", *first.Events[0].Message)
	require.NoError(t, put("order 3: tea"))
	next, err := client.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{LogGroupName: group, LogStreamName: stream, NextToken: first.NextForwardToken})
	require.NoError(t, err)
	require.Len(t, next.Events, 1, "what is new since the token")

	groups.Write("eu-west-1", *group, "two", "written by a service: tea\n")
	all, err := client.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: group, FilterPattern: aws.String("tea")})
	require.NoError(t, err)
	assert.Len(t, all.Events, 3, "of both streams")
	_, err = client.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: group, FilterPattern: aws.String(`{ $.level = "error" }`)})
	refused(t, err, "NotImplemented")
	streams, err := client.DescribeLogStreams(t.Context(), &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group})
	require.NoError(t, err)
	assert.Len(t, streams.LogStreams, 2)
}

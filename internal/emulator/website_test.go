package emulator_test

import (
	"io"
	"net/http"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

func TestWebsitesAreServedByName(t *testing.T) {
	t.Parallel()
	aws, err := emulator.Start(emulator.Config{Websites: emulator.Websites{"app.example.com": fstest.MapFS{"index.html": {Data: []byte("the page")}}}})
	require.NoError(t, err)
	defer aws.Close()

	get := func(url string) (*http.Response, string) {
		response, err := aws.HTTPClient().Get(url)
		require.NoError(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response, string(body)
	}
	response, body := get("https://app.example.com/")
	assert.Equal(t, "the page", body)
	assert.Equal(t, "no-cache", response.Header.Get("Cache-Control"))
	response, _ = get("http://app.example.com/a?b=c")
	assert.Equal(t, "https://app.example.com/a?b=c", response.Header.Get("Location"))
	response, _ = get("https://app.example.com/nothing")
	assert.Equal(t, http.StatusNotFound, response.StatusCode)
	_, err = aws.HTTPClient().Get("https://other.example.com/")
	assert.Error(t, err, "no other name is there")
}

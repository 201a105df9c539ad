package maintenance

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAWildcardDomainHasAHostOfItsOwn(t *testing.T) {
	assert.Equal(t, "api.example.com", HostOf("api.example.com"))
	assert.Equal(t, "maintenance-probe.example.com", HostOf("*.example.com"))
	assert.True(t, Covers("*.example.com", HostOf("*.example.com")))
	assert.True(t, Covers("*.example.com", "Shop.Example.com"))
	assert.False(t, Covers("*.example.com", "a.shop.example.com"), "it stands for one label")
	assert.False(t, Covers("*.example.com", "example.com"))
	assert.True(t, Covers("api.example.com", "API.example.com"))
	assert.False(t, Covers("api.example.com", "other.example.com"))
}

func TestAHostBelongsToItsOwnDomainBeforeAWildcard(t *testing.T) {
	domains := []string{"*.example.com", "api.example.com"}
	assert.Equal(t, "api.example.com", DomainOf("API.example.com", domains))
	assert.Equal(t, "*.example.com", DomainOf("shop.example.com", domains))
	assert.Empty(t, DomainOf("shop.example.org", domains))
}

func TestAnAPIHasAHostInItsPartition(t *testing.T) {
	for region, host := range map[string]string{
		"eu-west-1": "a1.execute-api.eu-west-1.amazonaws.com", "us-gov-west-1": "a1.execute-api.us-gov-west-1.amazonaws.com",
		"cn-north-1": "a1.execute-api.cn-north-1.amazonaws.com.cn", "us-iso-east-1": "a1.execute-api.us-iso-east-1.c2s.ic.gov",
		"us-isob-east-1": "a1.execute-api.us-isob-east-1.sc2s.sgov.gov", "eusc-de-east-1": "a1.execute-api.eusc-de-east-1.amazonaws.eu",
	} {
		assert.Equal(t, host, ExecuteAPIHost("a1", region))
	}
}

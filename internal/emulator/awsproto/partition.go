package awsproto

import "strings"

// Partition is a part of AWS that has regions, ARNs and host names of its own
// (AWS SDKs, partitions.json).
type Partition struct {
	Name string // as in an ARN: aws, aws-cn, ...
	// DNSSuffix ends the host names of its services.
	DNSSuffix string
}

// partitions by the beginning of their regions' names.
var partitions = []struct {
	prefix string
	Partition
}{
	{"cn-", Partition{"aws-cn", "amazonaws.com.cn"}},
	{"us-gov-", Partition{"aws-us-gov", "amazonaws.com"}},
	{"us-iso-", Partition{"aws-iso", "c2s.ic.gov"}},
	{"us-isob-", Partition{"aws-iso-b", "sc2s.sgov.gov"}},
	{"eu-isoe-", Partition{"aws-iso-e", "cloud.adc-e.uk"}},
	{"us-isof-", Partition{"aws-iso-f", "csp.hci.ic.gov"}},
	{"eusc-", Partition{"aws-eusc", "amazonaws.eu"}},
}

// PartitionOf gives the partition that a region belongs to.
func PartitionOf(region string) Partition {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) {
			return p.Partition
		}
	}
	return Partition{"aws", "amazonaws.com"}
}

// ARN spells an ARN of a region's resource. The account may be empty.
func ARN(service, region, account, resource string) string {
	return "arn:" + PartitionOf(region).Name + ":" + service + ":" + region + ":" + account + ":" + resource
}

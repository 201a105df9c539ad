package acm

import (
	"maps"
	"slices"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// detail is CertificateDetail of the ACM API. Times are seconds since 1970.
type detail struct {
	CertificateArn          string
	DomainName              string
	SubjectAlternativeNames []string
	DomainValidationOptions []domainValidation `json:",omitempty"`
	Status                  string
	Type                    string
	KeyAlgorithm            string
	SignatureAlgorithm      string
	Subject                 string
	Issuer                  string `json:",omitempty"`
	Serial                  string `json:",omitempty"`
	CreatedAt               *int64 `json:",omitempty"`
	ImportedAt              *int64 `json:",omitempty"`
	IssuedAt                *int64 `json:",omitempty"`
	NotBefore               *int64 `json:",omitempty"`
	NotAfter                *int64 `json:",omitempty"`
	InUseBy                 []string
	RenewalEligibility      string
	Options                 options
}

type options struct {
	CertificateTransparencyLoggingPreference string
}

type domainValidation struct {
	DomainName       string
	ValidationDomain string
	ValidationMethod string
	ValidationStatus string
	ResourceRecord   resourceRecord
}

type resourceRecord struct{ Name, Type, Value string }

type summary struct {
	CertificateArn                       string
	DomainName                           string
	SubjectAlternativeNameSummaries      []string
	HasAdditionalSubjectAlternativeNames bool
	Status                               string
	Type                                 string
	KeyAlgorithm                         string
	InUse                                bool
	CreatedAt                            int64
}

func epoch(t time.Time) *int64 {
	seconds := t.Unix()
	return &seconds
}

func (s *Service) detail(c *certificate) detail {
	d := detail{
		CertificateArn:          c.arn,
		DomainName:              c.names[0],
		SubjectAlternativeNames: c.names,
		Status:                  c.status(),
		Type:                    c.kind,
		KeyAlgorithm:            c.keyAlgorithm,
		SignatureAlgorithm:      "SHA256WITHECDSA",
		Subject:                 "CN=" + c.names[0],
		InUseBy:                 append([]string{}, s.config.InUseBy(c.arn)...),
		RenewalEligibility:      "INELIGIBLE",
		Options:                 options{c.loggingChoice},
	}
	if c.kind == typeImported {
		d.ImportedAt = epoch(c.createdAt)
	} else {
		d.CreatedAt = epoch(c.createdAt)
		d.DomainValidationOptions = s.validations(c)
	}
	if c.issued != nil {
		leaf := c.issued.Leaf
		d.IssuedAt, d.NotBefore, d.NotAfter = epoch(c.issuedAt), epoch(leaf.NotBefore), epoch(leaf.NotAfter)
		d.Issuer, d.Serial = leaf.Issuer.CommonName, leaf.SerialNumber.Text(16)
	}
	return d
}

func (s *Service) validations(c *certificate) []domainValidation {
	validations := make([]domainValidation, len(c.names))
	for i, name := range c.names {
		record, target := validationRecord(name)
		status := statusPending
		if c.issued != nil || s.validated(name) {
			status = "SUCCESS"
		}
		validations[i] = domainValidation{
			DomainName: name, ValidationDomain: name, ValidationMethod: "DNS", ValidationStatus: status,
			ResourceRecord: resourceRecord{Name: record, Type: "CNAME", Value: target},
		}
	}
	return validations
}

func (s *Service) summary(c *certificate) summary {
	return summary{
		CertificateArn: c.arn, DomainName: c.names[0], SubjectAlternativeNameSummaries: c.names,
		Status: c.status(), Type: c.kind, KeyAlgorithm: c.keyAlgorithm,
		InUse: len(s.config.InUseBy(c.arn)) > 0, CreatedAt: c.createdAt.Unix(),
	}
}

type tag struct {
	Key   string
	Value *string `json:",omitempty"`
}

func (c *certificate) addTags(tags []tag) {
	for _, t := range tags {
		value := ""
		if t.Value != nil {
			value = *t.Value
		}
		c.tags[t.Key] = value
	}
}

func (s *Service) listTags(r *awsproto.Request) (any, error) {
	c, err := s.find(r)
	if err != nil {
		return nil, err
	}
	tags := []tag{}
	for _, key := range slices.Sorted(maps.Keys(c.tags)) {
		value := c.tags[key]
		tags = append(tags, tag{key, &value})
	}
	return map[string]any{"Tags": tags}, nil
}

func (s *Service) addTags(r *awsproto.Request) (any, error) {
	c, err := s.find(r)
	if err != nil {
		return nil, err
	}
	var input struct{ Tags []tag }
	if err := decode(r, &input); err != nil {
		return nil, err
	}
	c.addTags(input.Tags)
	return nil, nil
}

// removeTags removes a tag by its key; where a value is given too, only if it
// is the tag's (ACM API reference, RemoveTagsFromCertificate).
func (s *Service) removeTags(r *awsproto.Request) (any, error) {
	c, err := s.find(r)
	if err != nil {
		return nil, err
	}
	var input struct{ Tags []tag }
	if err := decode(r, &input); err != nil {
		return nil, err
	}
	for _, t := range input.Tags {
		if t.Value == nil || *t.Value == c.tags[t.Key] {
			delete(c.tags, t.Key)
		}
	}
	return nil, nil
}

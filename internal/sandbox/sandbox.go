// Package sandbox sets the stage for a root of ours: the embedded AWS, a real
// backend, and what the modules never make themselves, a hosted zone and a
// certificate.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	kit "apigateway-maintenance"
	"apigateway-maintenance/internal/emulator"
)

// The names that the sandbox's stage uses.
const (
	Zone   = "example.com"
	Domain = "api.example.com"
	// Website is where the pages of examples/serverless are.
	Website = "app.example.com"
)

// Sandbox is a running stage. Its AWS lives in memory and is gone with Close.
type Sandbox struct {
	Emulator *emulator.Emulator
	Backend  *Backend
	ZoneID   string
	// CertificateARN names an issued certificate for Zone and all names below it.
	CertificateARN string
}

// Start sets the stage. The zone and the certificate are made with the AWS SDK,
// as a user would have made them before.
func Start(ctx context.Context, config emulator.Config) (*Sandbox, error) {
	pages, err := fs.Sub(kit.Files, "examples/serverless/web")
	if err != nil {
		return nil, err
	}
	if config.Websites == nil {
		config.Websites = emulator.Websites{Website: pages}
	}
	aws, err := emulator.Start(config)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{Emulator: aws}
	if err := s.furnish(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Sandbox) furnish(ctx context.Context) (err error) {
	if s.Backend, err = StartBackend(); err != nil {
		return err
	}
	if s.ZoneID, err = s.createZone(ctx, Zone); err != nil {
		return err
	}
	s.CertificateARN, err = s.RequestCertificate(ctx, s.Config().Region, Zone, "*."+Zone)
	return err
}

// Close ends everything.
func (s *Sandbox) Close() error {
	var backend error
	if s.Backend != nil {
		backend = s.Backend.Close()
	}
	return errors.Join(backend, s.Emulator.Close())
}

// Vars are the variables of examples/basic for this stage.
func (s *Sandbox) Vars() map[string]any {
	return map[string]any{
		"domain_name":     Domain,
		"certificate_arn": s.CertificateARN,
		"zone_id":         s.ZoneID,
		"backend_url":     s.Backend.URL,
	}
}

// Config is an AWS SDK configuration that leads to the embedded AWS.
func (s *Sandbox) Config() aws.Config {
	env := map[string]string{}
	for _, entry := range s.Emulator.Env() {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	return aws.Config{
		Region:       env["AWS_REGION"],
		BaseEndpoint: aws.String(env["AWS_ENDPOINT_URL"]),
		Credentials:  credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
	}
}

func (s *Sandbox) createZone(ctx context.Context, name string) (string, error) {
	zone, err := route53.NewFromConfig(s.Config()).CreateHostedZone(ctx, &route53.CreateHostedZoneInput{
		Name:            aws.String(name),
		CallerReference: aws.String(fmt.Sprint(time.Now().UnixNano())),
	})
	if err != nil {
		return "", fmt.Errorf("make the hosted zone %s: %w", name, err)
	}
	return strings.TrimPrefix(aws.ToString(zone.HostedZone.Id), "/hostedzone/"), nil
}

// RequestCertificate gets a certificate the way AWS wants it: asked of ACM,
// proved by its records in the zone, then issued.
func (s *Sandbox) RequestCertificate(ctx context.Context, region string, names ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	config := s.Config()
	config.Region = region
	client := acm.NewFromConfig(config)
	request, err := client.RequestCertificate(ctx, &acm.RequestCertificateInput{
		DomainName:              aws.String(names[0]),
		SubjectAlternativeNames: names,
		ValidationMethod:        acmtypes.ValidationMethodDns,
	})
	if err != nil {
		return "", fmt.Errorf("request a certificate for %s: %w", names[0], err)
	}
	arn := aws.ToString(request.CertificateArn)
	for {
		found, err := client.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &arn})
		if err != nil {
			return "", fmt.Errorf("wait for the certificate of %s: %w", names[0], err)
		}
		if found.Certificate.Status == acmtypes.CertificateStatusIssued {
			return arn, nil
		}
		if err := s.proveControl(ctx, found.Certificate.DomainValidationOptions); err != nil {
			return "", err
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("wait for the certificate of %s: %w", names[0], ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Sandbox) proveControl(ctx context.Context, options []acmtypes.DomainValidation) error {
	var changes []types.Change
	seen := map[string]bool{} // a name and its wildcard share one record
	for _, option := range options {
		if option.ResourceRecord == nil || seen[aws.ToString(option.ResourceRecord.Name)] {
			continue
		}
		seen[aws.ToString(option.ResourceRecord.Name)] = true
		changes = append(changes, types.Change{
			Action: types.ChangeActionUpsert,
			ResourceRecordSet: &types.ResourceRecordSet{
				Name:            option.ResourceRecord.Name,
				Type:            types.RRTypeCname,
				TTL:             aws.Int64(60),
				ResourceRecords: []types.ResourceRecord{{Value: option.ResourceRecord.Value}},
			},
		})
	}
	if len(changes) == 0 {
		return nil
	}
	_, err := route53.NewFromConfig(s.Config()).ChangeResourceRecordSets(ctx, &route53.ChangeResourceRecordSetsInput{
		HostedZoneId: &s.ZoneID,
		ChangeBatch:  &types.ChangeBatch{Changes: changes},
	})
	if err != nil {
		return fmt.Errorf("write the certificate's validation records: %w", err)
	}
	return nil
}

package breakglass

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/runbook"
)

// API Gateway takes 10 management calls a second of an account in a region, and
// 40 at once (fact F1). Two of these are left to others, and to calls that
// overtake one another on their way.
const (
	callsPerSecond = 10
	callsAtOnce    = 38
	// underWay is how many calls wait for their answer at the same time: at a
	// second each they still use all that the quota gives.
	underWay = 16
	// pageSize is the most that a listing gives at once (API Gateway API
	// reference, GetBasePathMappings).
	pageSize = 500
)

// Switcher makes the calls of one switch.
type Switcher struct {
	gateway Gateway
	book    runbook.Runbook
	quota   *rate.Limiter
}

// New makes a Switcher.
func New(gateway Gateway, book runbook.Runbook) *Switcher {
	return &Switcher{gateway: gateway, book: book, quota: rate.NewLimiter(callsPerSecond, callsAtOnce)}
}

// Move is a mapping that is to point elsewhere.
type Move struct {
	runbook.Mapping
	From, To maintenance.Target
}

// Stranger is a mapping that points to neither of its pair; Now is zero where it
// is not there at all.
type Stranger struct {
	runbook.Mapping
	Now maintenance.Target
}

func (s Stranger) String() string {
	if s.Now == (maintenance.Target{}) {
		return fmt.Sprintf("%s has no mapping", s.URL())
	}
	return fmt.Sprintf("%s points to %s, which is neither of its pair", s.URL(), s.Now)
}

// Found is what AWS has of the runbook's mappings that follow the switch.
type Found struct {
	Moves     []Move
	There     []runbook.Mapping // point where they are to point already
	Strangers []Stranger        // are left alone
}

// String says in a line what is to be done.
func (f Found) String() string {
	text := fmt.Sprintf("%d to move", len(f.Moves))
	if len(f.There) > 0 {
		text += fmt.Sprintf(", %d there already", len(f.There))
	}
	if len(f.Strangers) > 0 {
		text += fmt.Sprintf(", %d left alone", len(f.Strangers))
	}
	return text
}

// Look lists the mappings of each domain and says what is to be done.
func (s *Switcher) Look(ctx context.Context, direction maintenance.Direction) (Found, error) {
	now, err := s.list(ctx)
	if err != nil {
		return Found{}, err
	}
	var found Found
	for _, m := range s.book.Mappings {
		if m.Exempt != "" {
			continue
		}
		current, to, from := now[m.URL()], m.Target(direction), m.Target(direction.Opposite())
		switch current {
		case to:
			found.There = append(found.There, m)
		case from:
			found.Moves = append(found.Moves, Move{m, from, to})
		default:
			found.Strangers = append(found.Strangers, Stranger{m, current})
		}
	}
	return found, nil
}

// list gives where each base path of the runbook's domains points, by URL.
func (s *Switcher) list(ctx context.Context) (map[string]maintenance.Target, error) {
	var (
		mu   sync.Mutex
		now  = map[string]maintenance.Target{}
		seen []string
	)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(underWay)
	for _, m := range s.book.Mappings {
		if slices.Contains(seen, m.Domain) {
			continue
		}
		seen = append(seen, m.Domain)
		group.Go(func() error {
			items, err := s.listDomain(ctx, m.Domain)
			mu.Lock()
			defer mu.Unlock()
			for _, item := range items {
				path := "/"
				if given := aws.ToString(item.BasePath); given != runbook.RootPath {
					path += given
				}
				now[(runbook.Mapping{Domain: m.Domain, Path: path}).URL()] = targetOf(item.RestApiId, item.Stage)
			}
			return err
		})
	}
	return now, group.Wait()
}

func (s *Switcher) listDomain(ctx context.Context, domain string) ([]types.BasePathMapping, error) {
	var items []types.BasePathMapping
	input := &apigateway.GetBasePathMappingsInput{DomainName: aws.String(domain), Limit: aws.Int32(pageSize)}
	for {
		if err := s.quota.Wait(ctx); err != nil {
			return nil, err
		}
		page, err := s.gateway.GetBasePathMappings(ctx, input)
		if err != nil {
			return nil, fmt.Errorf("list the mappings of %s: %w", domain, explain(err))
		}
		items = append(items, page.Items...)
		if aws.ToString(page.Position) == "" {
			return items, nil
		}
		input.Position = page.Position
	}
}

func targetOf(api, stage *string) maintenance.Target {
	return maintenance.Target{APIID: aws.ToString(api), StageName: aws.ToString(stage)}
}

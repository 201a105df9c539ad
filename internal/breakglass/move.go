package breakglass

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"golang.org/x/sync/errgroup"

	"apigateway-maintenance/internal/maintenance"
)

// Move makes the moves, in parallel within the quotas, and calls moved with each
// that AWS has confirmed. It returns the first error, if any; others of the same
// kind say no more. One that fails keeps no other from being made, unless none
// could do better. When ctx ends, no more are begun, and those under way end.
func (s *Switcher) Move(ctx context.Context, moves []Move, moved func(Move)) error {
	run := moving{Switcher: s, moved: moved}
	var group errgroup.Group
	group.SetLimit(underWay)
	for _, move := range moves {
		if run.hopeless() {
			break
		}
		// The call, once begun, is not cut off: nobody would know what it did.
		if err := s.quota.Wait(ctx); err != nil {
			run.fail(cmp.Or(ctx.Err(), err))
			break
		}
		group.Go(func() error {
			run.one(context.WithoutCancel(ctx), move)
			return nil
		})
	}
	_ = group.Wait() // its functions return no error
	return run.err
}

type moving struct {
	*Switcher
	moved func(Move)

	mu  sync.Mutex
	err error
}

func (r *moving) one(ctx context.Context, move Move) {
	now, err := r.update(ctx, move)
	if err == nil && now != move.To {
		err = fmt.Errorf("AWS says that it points to %s", now)
	}
	if err != nil {
		r.fail(fmt.Errorf("%s: %w", move.URL(), err))
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.moved(move)
}

// update changes API and stage in one call, so that no client finds the path
// without a mapping.
func (r *moving) update(ctx context.Context, move Move) (maintenance.Target, error) {
	replace := func(path, value string) types.PatchOperation {
		return types.PatchOperation{Op: types.OpReplace, Path: aws.String(path), Value: aws.String(value)}
	}
	answer, err := r.gateway.UpdateBasePathMapping(ctx, &apigateway.UpdateBasePathMappingInput{
		DomainName: aws.String(move.Domain),
		BasePath:   aws.String(move.BasePath()),
		PatchOperations: []types.PatchOperation{
			replace("/restapiId", move.To.APIID),
			replace("/stage", move.To.StageName),
		},
	})
	if err != nil {
		return maintenance.Target{}, explain(err)
	}
	return targetOf(answer.RestApiId, answer.Stage), nil
}

func (r *moving) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
}

func (r *moving) hopeless() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	var failed *Error
	return errors.As(r.err, &failed) && failed.Hopeless
}

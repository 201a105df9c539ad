package main

import (
	"context"
	"errors"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"apigateway-maintenance/internal/breakglass"
	"apigateway-maintenance/internal/console"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/runbook"
	"apigateway-maintenance/internal/switchover"
)

// run makes the calls itself, and confirms what clients get.
func (f *breakglassFlags) run(ctx context.Context, direction maintenance.Direction, book runbook.Runbook, io streams) error {
	config, err := f.checked(io)
	if err != nil {
		return err
	}
	gateway, err := breakglass.Connect(ctx, book.Region)
	if err != nil {
		return err
	}
	shown := console.New(io.out, f.json)
	result, err := switchover.Breakglass(ctx, f.proof(direction, config, shown, io), gateway, book)
	wayBack := []string{"maintenance", "breakglass", string(direction.Opposite()), shellescape.Quote("--runbook=" + f.file), "--run"}
	shown.Result(result, strings.Join(wayBack, " "))
	if unwritten := shown.Err(); unwritten != nil && f.json {
		err = errors.Join(err, result.Unwritten(unshown(unwritten)))
	}
	return err
}

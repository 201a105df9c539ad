package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"apigateway-maintenance/internal/breakglass"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
)

// verdict is an exit code that is an answer and no error.
type verdict maintenance.ExitCode

func (v verdict) Error() string { return fmt.Sprintf("exit code %d", int(v)) }

func exitCode(ctx context.Context, err error) maintenance.ExitCode {
	var (
		wrong       usage
		answer      verdict
		refusal     *switchover.RefusedError
		partly      *switchover.ApplyError
		moves       *switchover.MoveError
		call        *breakglass.Error
		unconfirmed *probe.UnconfirmedError
		unwritten   *switchover.UnwrittenError
	)
	switch {
	case err == nil:
		return maintenance.ExitDone
	case errors.As(err, &unwritten): // whatever came after it is done
		return maintenance.ExitUnwritten
	case errors.As(err, &answer):
		return maintenance.ExitCode(answer)
	case errors.Is(err, context.Canceled), terraform.KindOf(err) == terraform.KindInterrupted, ctx.Err() != nil:
		return maintenance.ExitInterrupted
	case errors.As(err, &wrong):
		return maintenance.ExitUsage
	case errors.As(err, &refusal):
		return maintenance.ExitRefused
	case errors.As(err, &unconfirmed):
		return maintenance.ExitUnconfirmed
	case errors.As(err, &partly) && partly.AnyDone(), errors.As(err, &moves) && moves.Moved > 0:
		return maintenance.ExitUnconfirmed
	case errors.As(err, &call) && call.Blocked:
		return maintenance.ExitBlocked
	}
	switch terraform.KindOf(err) {
	case terraform.KindUsage, terraform.KindBinary, terraform.KindNoPlan:
		return maintenance.ExitUsage
	case terraform.KindLocked, terraform.KindCredentials, terraform.KindStalePlan, terraform.KindThrottled:
		return maintenance.ExitBlocked
	default:
		return maintenance.ExitError
	}
}

// complaint is what stderr gets; Terraform's own diagnostics are added where
// the one sentence does not stand for them.
func complaint(err error) string {
	var (
		answer verdict
		failed *terraform.Error
	)
	if err == nil || errors.As(err, &answer) {
		return ""
	}
	text := "Error: " + err.Error()
	if errors.As(err, &failed) && failed.Kind == terraform.KindOther && failed.Detail != "" {
		text += "\n\n" + strings.TrimSpace(failed.Detail)
	}
	return text
}

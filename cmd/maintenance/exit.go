package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
)

// usage is an error in how the command was called.
type usage struct{ text string }

func (u usage) Error() string { return u.text }

func usageError(format string, args ...any) error { return usage{fmt.Sprintf(format, args...)} }

// verdict is an exit code that is an answer and no error.
type verdict maintenance.ExitCode

func (v verdict) Error() string { return fmt.Sprintf("exit code %d", int(v)) }

func exitCode(ctx context.Context, err error) maintenance.ExitCode {
	var (
		wrong       usage
		answer      verdict
		refusal     *switchover.RefusedError
		partly      *switchover.ApplyError
		unconfirmed *probe.UnconfirmedError
	)
	switch {
	case err == nil:
		return maintenance.ExitDone
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
	case errors.As(err, &partly) && len(partly.Moved) > 0:
		return maintenance.ExitUnconfirmed
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

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
)

// Exit codes; what they mean is in [rootHelp].
const (
	exitDone        = 0
	exitError       = 1
	exitUsage       = 2
	exitRefused     = 3
	exitUnconfirmed = 4
	exitBlocked     = 5
	exitInMode      = 10
	exitMixed       = 11
	exitDrift       = 12
	exitInterrupted = 130
)

// usage is an error in how the command was called.
type usage struct{ text string }

func (u usage) Error() string { return u.text }

func usageError(format string, args ...any) error { return usage{fmt.Sprintf(format, args...)} }

// verdict is an exit code that is an answer and no error.
type verdict int

func (v verdict) Error() string { return fmt.Sprintf("exit code %d", int(v)) }

func exitCode(ctx context.Context, err error) int {
	var (
		wrong       usage
		answer      verdict
		refusal     *switchover.RefusedError
		partly      *switchover.ApplyError
		unconfirmed *probe.UnconfirmedError
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &answer):
		return int(answer)
	case errors.Is(err, context.Canceled), terraform.KindOf(err) == terraform.KindInterrupted, ctx.Err() != nil:
		return exitInterrupted
	case errors.As(err, &wrong):
		return exitUsage
	case errors.As(err, &refusal):
		return exitRefused
	case errors.As(err, &unconfirmed):
		return exitUnconfirmed
	case errors.As(err, &partly) && len(partly.Moved) > 0:
		return exitUnconfirmed
	}
	switch terraform.KindOf(err) {
	case terraform.KindUsage, terraform.KindBinary:
		return exitUsage
	case terraform.KindLocked, terraform.KindCredentials, terraform.KindStalePlan, terraform.KindThrottled:
		return exitBlocked
	default:
		return exitError
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

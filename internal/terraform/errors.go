package terraform

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"apigateway-maintenance/internal/plain"
)

// Kind says what sort of failure a command met, for exit codes and advice.
type Kind string

// The kinds that callers tell apart. [KindOther] is everything else: an error
// in the configuration, a refusal by AWS.
const (
	KindOther       Kind = "other"
	KindLocked      Kind = "locked"
	KindCredentials Kind = "credentials"
	KindDenied      Kind = "denied"
	KindThrottled   Kind = "throttled"
	KindFiles       Kind = "files"
	KindTimeout     Kind = "timeout"
	KindStalePlan   Kind = "stale-plan"
	KindProvider    Kind = "provider"
	KindInit        Kind = "init-required"
	KindBackend     Kind = "backend-changed"
	KindNotRoot     Kind = "not-a-root"
	KindNoPlan      Kind = "no-plan"
	KindBinary      Kind = "binary"
	KindUsage       Kind = "usage"
	KindInterrupted Kind = "interrupted"
)

// Lock is what a state lock says of its holder.
type Lock struct {
	ID, Operation, Who, Created string
}

// Error is a failed command, told in one sentence.
type Error struct {
	Kind Kind
	// Op is the command ("plan"), empty where none ran.
	Op string
	// Summary is one sentence: what happened and what to do.
	Summary string
	// Detail is what the command printed as diagnostics, without quotations and
	// values.
	Detail string
	// Lock is set for [KindLocked] where its holder is known.
	Lock *Lock
	Err  error
}

func (e *Error) Error() string {
	if e.Op == "" {
		return e.Summary
	}
	return e.Op + ": " + e.Summary
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of err, [KindOther] where it has none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindOther
}

const (
	notInitialised    = "the root is not initialised for its present configuration; run init"
	undeclaredSummary = "the root declares no variable %s; look at --var, and at --variable for the one that switches"
)

// signs are what the diagnostics of Terraform 1.9 to 1.14, OpenTofu 1.12 and
// the AWS provider say for each kind. The first that matches decides, so a
// cause stands before what follows from it: an expired token that keeps the
// backend from locking is a matter of credentials, and so is a full disk one of
// files. A summary may quote what matched ($1).
var signs = []struct {
	kind    Kind
	match   *regexp.Regexp
	summary string
}{
	{KindCredentials, regexp.MustCompile(`ExpiredToken|RequestExpired|security token included in the request is (expired|invalid)|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure|UnauthorizedSSOToken|InvalidGrantException|SSO session has expired|[Nn]o valid credential sources|failed to refresh cached credentials|MissingAuthenticationToken|no EC2 IMDS role found`),
		"the AWS credentials are missing, wrong or expired; sign in again and repeat"},
	{KindDenied, regexp.MustCompile(`is not authorized to perform: ([\w-]+:\w+) on resource: (\S+)`),
		"AWS does not allow these credentials what is needed: $1 on $2"},
	{KindDenied, regexp.MustCompile(`AccessDenied|is not authorized to perform|UnauthorizedOperation`),
		"AWS does not allow these credentials what is needed"},
	{KindThrottled, regexp.MustCompile(`TooManyRequestsException|ThrottlingException|Throttling: |[Rr]ate [Ee]xceeded|RequestLimitExceeded|StatusCode: 429`),
		"AWS throttled the calls until the retries ran out; wait a little, or repeat with less -parallelism"},
	{KindFiles, regexp.MustCompile(`(\w+ \S+): (no space left on device|disk quota exceeded|file too large)`),
		"the disk is full ($1: $2); make room and repeat"},
	{KindFiles, regexp.MustCompile(`(\w+ \S+): (read-only file system|permission denied)`),
		"a file or its folder cannot be written or read ($1: $2)"},
	{KindLocked, regexp.MustCompile(`Error acquiring the state lock(?:.*?Error message: (.*?)(?: Lock Info:| Terraform acquires| OpenTofu acquires|$))?`),
		"the state could not be locked, and who holds the lock is not known ($1)"},
	{KindLocked, regexp.MustCompile(`[Ww]orkspace (?:is )?already locked`),
		"the workspace is locked, and who locked it is not known"},
	{KindStalePlan, regexp.MustCompile(`Saved plan is stale|plan file can no longer be applied|Saved plan does not match`),
		"the state has changed since the plan was made; plan again"},
	{KindUsage, regexp.MustCompile(`A variable named ("[^"]*") was assigned on the command line, but the root module does not declare`),
		fmt.Sprintf(undeclaredSummary, "$1")},
	{KindUsage, regexp.MustCompile(`Invalid -var option`),
		"a -var among the arguments for Terraform is not NAME=VALUE (it is not shown, since it could hold a secret)"},
	{KindNoPlan, regexp.MustCompile(`Failed to read the given file as a state or plan file`),
		"the file is no plan, or not one that this binary can read"},
	{KindInit, regexp.MustCompile(`Initial configuration of the requested backend`), notInitialised},
	{KindBackend, regexp.MustCompile(`Backend configuration changed|Backend configuration block has changed|Backend type changed|[Uu]nsetting the previously set backend|-migrate-state`),
		"the backend's configuration has changed since init; run init with -reconfigure or -migrate-state yourself"},
	{KindInit, regexp.MustCompile(`Backend initialization required|[Mm]odule not installed|Required plugins are not installed|Inconsistent dependency lock file|Module source has changed|[Mm]odule version requirements have changed|there is no package for .* cached in|registry does not have a provider named .* init`),
		notInitialised},
	{KindProvider, regexp.MustCompile(`Failed to query available provider packages|Failed to install provider|Failed to resolve provider|could not connect to registry|Invalid provider registry host|no available releases match|Failed to load plugin schemas|Failed to instantiate provider|Unrecognized remote plugin message`),
		"a provider could not be had or started; reach its registry, or configure a provider mirror (provider_installation in the CLI configuration)"},
}

// unsaved is what Terraform says when it could not write the state at the end
// of an apply.
var unsaved = regexp.MustCompile(`errored\.tfstate`)

const pushState = "; the state could not be saved and lies in errored.tfstate in the root: save it with `state push errored.tfstate` before anything else runs there"

// sentenceLimit is how much of Terraform's text a summary repeats.
const sentenceLimit = 600

// complaints are what a command printed as diagnostics.
type complaints struct {
	found []diagnostic
	// rest is what it printed on stderr in no form that is known.
	rest string
	// varFiles are those whose values it knew.
	varFiles []string
}

// classify makes an [*Error] of what a command complained of. It is the one
// place that reads Terraform's prose.
func classify(op string, c complaints, cause error) error {
	var errs []string
	var told []diagnostic
	for _, d := range c.found {
		if d = d.discreet(c.varFiles); !d.warning {
			errs, told = append(errs, d.String()), append(told, d)
		}
	}
	e := &Error{Kind: KindOther, Op: op, Summary: headline(told, c.rest), Detail: strings.Join(errs, "\n\n"), Err: cause}
	text := unwrapped(e.Detail + "\n" + c.rest)
	for _, s := range signs {
		if found := s.match.FindStringSubmatchIndex(text); found != nil {
			e.Kind = s.kind
			e.Summary = strings.TrimSuffix(string(s.match.ExpandString(nil, s.summary, text, found)), " ()")
			break
		}
	}
	if lock := lockInfo(told); e.Kind == KindLocked && lock != nil {
		e.Lock = lock
		e.Summary = fmt.Sprintf("the state is locked by %s since %s (%s, lock %s); wait for that run, or use force-unlock if it is dead",
			lock.Who, lock.Created, lock.Operation, lock.ID)
	}
	e.Summary = plain.Short(e.Summary, sentenceLimit)
	if unsaved.MatchString(text) {
		e.Summary += pushState
	}
	return e
}

// errApplyTimeout is the cause of an apply that was stopped for its length.
var errApplyTimeout = errors.New("the time for the apply is over")

func cancelled(op string, cause error) error {
	e := &Error{Kind: KindInterrupted, Op: op, Summary: "interrupted; Terraform was asked to stop and has ended", Err: cause}
	if errors.Is(cause, errApplyTimeout) {
		e.Kind, e.Summary = KindTimeout, "it took longer than it may (--apply-timeout), so Terraform was asked to stop and has ended"
	}
	return e
}

// killed is [cancelled] of a command that did not stop.
func killed(op string, cause error, grace time.Duration) error {
	why, kind := "interrupted", KindInterrupted
	if errors.Is(cause, errApplyTimeout) {
		why, kind = "it took longer than it may (--apply-timeout)", KindTimeout
	}
	return &Error{Kind: kind, Op: op, Err: cause,
		Summary: fmt.Sprintf("%s; Terraform did not stop within %s and was killed: its lock may still be there, and its state may be behind", why, grace)}
}

// execError classifies what terraform-exec returned: its text ends with the
// diagnostics.
func execError(ctx context.Context, op string, err error) error {
	if ctx.Err() != nil {
		return cancelled(op, ctx.Err())
	}
	return classify(op, complaints{found: readDiagnostics(err.Error()), rest: firstLine(err.Error())}, errors.New("it failed"))
}

var lockField = regexp.MustCompile(`(?m)^\s*(ID|Operation|Who|Created):[ \t]*(.*?)\s*$`)

// lockInfo reads who holds the lock.
func lockInfo(told []diagnostic) *Lock {
	fields := map[string]string{}
	for _, d := range told {
		for _, m := range lockField.FindAllStringSubmatch(d.detail, -1) {
			fields[m[1]] = plain.Short(m[2], 80)
		}
	}
	if fields["Who"] == "" {
		return nil
	}
	return &Lock{ID: fields["ID"], Operation: fields["Operation"], Who: fields["Who"], Created: fields["Created"]}
}

// headline is the first telling error, in a sentence.
func headline(told []diagnostic, rest string) string {
	switch {
	case len(told) > 1 && strings.Contains(told[0].summary, "encountered problems during initiali"):
		return told[1].sentence() // the first one only announces the others
	case len(told) > 0:
		return told[0].sentence()
	case strings.TrimSpace(rest) != "":
		return firstLine(rest)
	default:
		return "it failed without saying why"
	}
}

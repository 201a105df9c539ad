package terraform

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
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
	// Detail is what the command printed as diagnostics, without colour and
	// without the values of variables that Terraform lists there.
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

const notInitialised = "the root is not initialised for its present configuration; run init"

// signs are what the diagnostics of Terraform 1.9 to 1.14, OpenTofu 1.12 and
// the AWS provider say for each kind. The first that matches decides, so a
// cause stands before what follows from it: an expired token that keeps the
// backend from locking is a matter of credentials. A summary may quote what
// matched ($1).
var signs = []struct {
	kind    Kind
	match   *regexp.Regexp
	summary string
}{
	{KindCredentials, regexp.MustCompile(`ExpiredToken|RequestExpired|security token included in the request is (expired|invalid)|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure|UnauthorizedSSOToken|InvalidGrantException|SSO session has expired|[Nn]o valid credential sources|failed to refresh cached credentials|MissingAuthenticationToken|no EC2 IMDS role found`),
		"the AWS credentials are missing, wrong or expired; sign in again and repeat"},
	{KindDenied, regexp.MustCompile(`AccessDenied|is not authorized to perform|UnauthorizedOperation`),
		"AWS does not allow these credentials what is needed"},
	{KindThrottled, regexp.MustCompile(`TooManyRequestsException|ThrottlingException|Throttling: |[Rr]ate [Ee]xceeded|RequestLimitExceeded|StatusCode: 429`),
		"AWS throttled the calls until the retries ran out; wait a little, or repeat with less -parallelism"},
	{KindLocked, regexp.MustCompile(`Error acquiring the state lock|[Ww]orkspace (is )?already locked`),
		"the state is locked by another run"},
	{KindStalePlan, regexp.MustCompile(`Saved plan is stale|plan file can no longer be applied|Saved plan does not match`),
		"the state has changed since the plan was made; plan again"},
	{KindUsage, regexp.MustCompile(`A variable named ("[^"]*") was assigned on the command line, but the root module does not declare`),
		"the root declares no variable $1; look at --var, and at --variable for the one that switches"},
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

// classify makes an [*Error] of what a command printed. It is the one place
// that reads Terraform's prose.
func classify(op, diagnostics string, cause error) error {
	detail := plain(diagnostics)
	e := &Error{Kind: KindOther, Op: op, Summary: headline(detail), Detail: detail, Err: cause}
	text := unwrapped(detail)
	for _, s := range signs {
		if found := s.match.FindStringSubmatchIndex(text); found != nil {
			e.Kind, e.Summary = s.kind, string(s.match.ExpandString(nil, s.summary, text, found))
			break
		}
	}
	if e.Kind == KindLocked {
		e.Lock = lockInfo(detail)
		if e.Lock != nil {
			e.Summary = fmt.Sprintf("the state is locked by %s since %s (%s, lock %s); wait for that run, or use force-unlock if it is dead",
				e.Lock.Who, e.Lock.Created, e.Lock.Operation, e.Lock.ID)
		}
	}
	return e
}

func cancelled(op string, cause error) error {
	return &Error{Kind: KindInterrupted, Op: op, Summary: "interrupted; Terraform was asked to stop and has ended", Err: cause}
}

// execError classifies what terraform-exec returned: its text ends with the
// diagnostics.
func execError(ctx context.Context, op string, err error) error {
	if ctx.Err() != nil {
		return cancelled(op, ctx.Err())
	}
	return classify(op, err.Error(), err)
}

var lockField = regexp.MustCompile(`(?m)^\s*(ID|Operation|Who|Created):[ \t]*(.*?)\s*$`)

func lockInfo(detail string) *Lock {
	fields := map[string]string{}
	for _, m := range lockField.FindAllStringSubmatch(detail, -1) {
		fields[m[1]] = m[2]
	}
	if fields["Who"] == "" {
		return nil
	}
	return &Lock{ID: fields["ID"], Operation: fields["Operation"], Who: fields["Who"], Created: fields["Created"]}
}

// headline is the first telling error: its title and the first paragraph of
// its text.
func headline(detail string) string {
	errs := strings.Split(detail, "Error: ")
	if len(errs) == 1 {
		if line := firstLine(detail); line != "" {
			return line
		}
		return "it failed without saying why"
	}
	first := errs[1]
	if len(errs) > 2 && strings.Contains(first, "encountered problems during initiali") {
		first = errs[2] // the first one only announces the others
	}
	title, body, _ := strings.Cut(first, "\n")
	title = strings.TrimSuffix(strings.TrimSpace(title), ".")
	if text := paragraph(body); text != "" {
		return title + ": " + text
	}
	return title
}

// paragraph is the first one in a diagnostic's body that is not a quotation.
func paragraph(body string) string {
	var text []string
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		switch {
		case isSource(line):
		case line != "":
			text = append(text, line)
		case len(text) > 0:
			return strings.Join(text, " ")
		}
	}
	return strings.Join(text, " ")
}

var sourceLine = regexp.MustCompile(`^(on .+ line \d+|with .+,$|\d+: )`)

// isSource tells a diagnostic's quotation of the configuration from its text.
func isSource(line string) bool { return sourceLine.MatchString(line) }

var (
	escapes    = regexp.MustCompile("\x1b\\[[0-9;]*[A-Za-z]")
	frameLine  = regexp.MustCompile(`(?m)^[│╷╵] ?`)
	valueLines = regexp.MustCompile(`(?m)^\s*[├│].*\n?`)
	// What a diagnostic quotes of a place that gives variables their values.
	valueSource = regexp.MustCompile(`(?m)^(\s*on (?:<value for|\S*\.tfvars)[^\n]*\n)(?:\s*\d+: [^\n]*\n?)+`)
)

// plain takes out colour, the box that frames a diagnostic, and the values it
// lists below a quotation, and quotations of variable files: a variable that nobody marked as sensitive may hold
// a secret all the same.
func plain(s string) string {
	s = escapes.ReplaceAllString(s, "")
	s = frameLine.ReplaceAllString(s, "")
	s = valueLines.ReplaceAllString(s, "")
	return strings.TrimSpace(valueSource.ReplaceAllString(s, "$1"))
}

// unwrapped undoes line breaks, since diagnostics are wrapped at the width of
// a terminal and a sign may be broken anywhere.
func unwrapped(s string) string { return strings.Join(strings.Fields(s), " ") }

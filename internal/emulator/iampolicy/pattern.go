package iampolicy

import (
	"regexp"
	"slices"
	"strings"
)

// matcher tells whether one value fits.
type matcher func(value string) bool

// patterns are what an Action or Resource lists, or with except what a NotAction
// or NotResource lists.
type patterns struct {
	except bool
	list   []matcher
}

func (p *patterns) cover(value string) bool {
	return slices.ContainsFunc(p.list, func(m matcher) bool { return m(value) }) != p.except
}

// wildcard matches with * for any text and ? for one character.
func wildcard(pattern string) matcher {
	text := regexp.QuoteMeta(pattern)
	text = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(text)
	return regexp.MustCompile(`(?s)^` + text + `$`).MatchString
}

// actionPattern ignores case, as IAM does.
func actionPattern(pattern string) matcher {
	match := wildcard(strings.ToLower(pattern))
	return func(action string) bool { return match(strings.ToLower(action)) }
}

// arnParts is how many parts an ARN has; the last may contain colons.
const arnParts = 6

// arnPattern matches part by part: a wildcard does not reach over the colon of
// the first five (IAM guide, "ArnLike" and "Resource").
func arnPattern(pattern string) matcher {
	if pattern == "*" {
		return func(string) bool { return true }
	}
	var parts []matcher
	for _, part := range strings.SplitN(pattern, ":", arnParts) {
		parts = append(parts, wildcard(part))
	}
	return func(arn string) bool {
		given := strings.SplitN(arn, ":", arnParts)
		if len(given) != arnParts {
			return false
		}
		for i, match := range parts {
			if !match(given[i]) {
				return false
			}
		}
		return true
	}
}

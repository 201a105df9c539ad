package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"apigateway-maintenance/internal/plain"
)

// usage is an error in how the command was called.
type usage struct{ text string }

func (u usage) Error() string { return u.text }

func usageError(format string, args ...any) error { return usage{fmt.Sprintf(format, args...)} }

// badFlag says what is wrong with a flag, without the text that was given: of a
// secret that was put in the wrong place nobody is to read in a log.
func badFlag(cmd *cobra.Command, err error) error {
	var (
		value   *pflag.InvalidValueError
		missing *pflag.ValueRequiredError
		unknown *pflag.NotExistError
	)
	switch {
	case errors.As(err, &value):
		return badValue("--"+value.GetFlag().Name, value.GetFlag())
	case errors.As(err, &missing):
		return usageError("--%s needs a value", missing.GetFlag().Name)
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		return usageError("unknown flag: --%s", unquoted(unknown.GetSpecifiedName()))
	default:
		return usageError("a flag of %s is written in no way that is known; flags are spelled --name or --name=value", cmd.CommandPath())
	}
}

// unquoted is a name without the quotation marks of [plain.Quoted].
func unquoted(name string) string {
	quoted := plain.Quoted(name)
	if quoted == `"`+name+`"` {
		return name
	}
	return quoted
}

// forms are what the values of flags look like, by their type.
var forms = map[string]string{
	"bool":        "true or false",
	"int":         "a whole number",
	"float64":     "a number",
	"duration":    "a duration such as 30s or 2m",
	"stringSlice": "a list, split at commas",
}

func badValue(where string, flag *pflag.Flag) error {
	form := forms[flag.Value.Type()]
	if form == "" {
		form = "another value"
	}
	return usageError("%s takes %s (what was given is not shown)", where, form)
}

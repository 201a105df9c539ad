package main

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"apigateway-maintenance/internal/plain"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
)

// environmentName is the environment variable of a flag.
func environmentName(flag string) string {
	return "MAINTENANCE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// source says where a flag's value came from, for who has to mend it.
func source(flag, value string) string {
	if name := environmentName(flag); os.Getenv(name) == value {
		return name + " (the environment's --" + flag + ")"
	}
	return "--" + flag
}

// fromEnvironment sets each flag that was not given from its MAINTENANCE_*
// variable. Of a flag that takes lists the variable is split at commas, of one
// whose values may hold commas (--var) at line breaks.
func fromEnvironment(flags *pflag.FlagSet) error {
	var failed error
	flags.VisitAll(func(f *pflag.Flag) {
		name := environmentName(f.Name)
		value, set := os.LookupEnv(name)
		if f.Changed || !set || value == "" || f.Name == "help" || failed != nil {
			return
		}
		values := []string{value}
		if f.Value.Type() == "stringArray" {
			values = strings.Split(strings.TrimSpace(value), "\n")
		}
		for _, v := range values {
			if err := flags.Set(f.Name, v); err != nil {
				failed = badValue(name, f)
			}
		}
	})
	return failed
}

// rootFlags say which root, with which binary, and how it is planned.
type rootFlags struct {
	chdir, binary, variable string
	vars, varFiles          []string
	lockTimeout             time.Duration
}

func (f *rootFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.chdir, "chdir", ".", "`FOLDER` of the root module")
	flags.StringVar(&f.binary, "terraform-bin", "", "Terraform or OpenTofu `BINARY` (default: the one on PATH; needed where both are)")
	flags.StringVar(&f.variable, "variable", "maintenance_mode", "`NAME` of the root's variable that switches")
	flags.StringArrayVar(&f.vars, "var", nil, "further `NAME=VALUE` for the plan; repeatable")
	flags.StringArrayVar(&f.varFiles, "var-file", nil, "variable `FILE` for the plan, relative to the root's folder; repeatable")
	flags.DurationVar(&f.lockTimeout, "lock-timeout", 0, "wait up to `DURATION` for the state's lock")
}

// checkVars refuses what Terraform would complain of late, and a value for the
// variable that the command itself sets.
func (f *rootFlags) checkVars() error {
	for i, v := range f.vars {
		name, _, err := terraform.SplitVar(v)
		if err != nil {
			return usageError("--var (or %s), number %d: %v", environmentName("var"), i+1, err)
		}
		if name == f.variable {
			return usageError("--var %s contradicts the command, which sets %s itself", name, f.variable)
		}
	}
	return nil
}

func (f *rootFlags) planOptions(extra []string) terraform.PlanOptions {
	return terraform.PlanOptions{Vars: f.vars, VarFiles: f.varFiles, LockTimeout: f.lockTimeout, ExtraArgs: extra}
}

// probeFlags say how URLs are asked.
type probeFlags struct {
	urls, connectTo                                   []string
	rate                                              float64
	method, liveStatus, headerFile, caFile, cert, key string
	resolver                                          string
	status                                            int
	requestTimeout                                    time.Duration
}

func (f *probeFlags) add(flags *pflag.FlagSet) {
	flags.Float64Var(&f.rate, "rate", probe.DefaultRate, "send `N` requests a second to each URL")
	flags.StringVar(&f.method, "method", http.MethodGet, "`METHOD` of the requests")
	flags.StringVar(&f.liveStatus, "live-status", "200-399", "`STATUSES` that count as live, such as 200-399,401")
	flags.IntVar(&f.status, "maintenance-status", http.StatusServiceUnavailable, "`STATUS` of the maintenance answer")
	flags.DurationVar(&f.requestTimeout, "request-timeout", probe.DefaultTimeout, "one request may take up to `DURATION`")
	flags.StringVar(&f.headerFile, "header-file", "", "`FILE` of headers to send, a \"Name: value\" on each line")
	flags.StringVar(&f.caFile, "ca-file", "", "PEM `FILE` of certificates to trust beside the system's")
	flags.StringVar(&f.cert, "cert", "", "PEM `FILE` of the client's certificate, for mutual TLS")
	flags.StringVar(&f.key, "key", "", "PEM `FILE` of its key")
	flags.StringVar(&f.resolver, "resolver", "", "`host:port` of the name server to ask (default: the system's)")
	flags.StringSliceVar(&f.connectTo, "connect-to", nil, "connect to the second host and port instead of the first, as curl does: `HOST1:PORT1:HOST2:PORT2`; repeatable")
}

func (f *probeFlags) addURLs(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.urls, "url", nil, "`URL` to probe (default: the root's urls); repeatable")
}

func (f *probeFlags) config() (probe.Config, error) {
	live, err := probe.ParseStatusSet(f.liveStatus)
	if err != nil {
		return probe.Config{}, usageError("--live-status: %v", err)
	}
	users := map[string]*url.Userinfo{}
	urls, err := bareURLs("url", f.urls, users)
	if err != nil {
		return probe.Config{}, err
	}
	config := probe.Config{
		Users: users, URLs: urls, Rate: f.rate, Method: f.method, Timeout: f.requestTimeout,
		Judge:    probe.Judge{Status: f.status, Live: live},
		Resolver: f.resolver, ConnectTo: f.connectTo, CAFile: f.caFile, CertFile: f.cert, KeyFile: f.key,
	}
	for _, named := range [][2]string{{"ca-file", f.caFile}, {"cert", f.cert}, {"key", f.key}, {"header-file", f.headerFile}} {
		if named[1] == "" {
			continue
		}
		if _, err := os.Stat(named[1]); err != nil {
			return config, usageError("%s: %v", source(named[0], named[1]), err)
		}
	}
	if f.headerFile == "" {
		return config, nil
	}
	file, err := os.Open(f.headerFile)
	if err != nil {
		return config, usageError("--header-file: %v", err)
	}
	defer file.Close()
	if config.Header, err = probe.ReadHeader(file); err != nil {
		return config, usageError("--header-file %s: %v", f.headerFile, err)
	}
	return config, nil
}

// checked refuses here what probing would refuse only after a plan.
func (f *probeFlags) checked() (probe.Config, error) {
	config, err := f.config()
	if err != nil {
		return config, err
	}
	return config, usable(config)
}

// usable tries a configuration, if need be with a URL to stand for those that a
// plan will name.
func usable(config probe.Config) error {
	if len(config.URLs) == 0 {
		config.URLs = []string{"https://to.be.known.invalid/"}
	}
	if _, err := probe.New(config); err != nil {
		return usageError("%v", err)
	}
	return nil
}

// bareURLs are a flag's URLs without what stands before their host, which goes
// into users: it is a secret, and from here on nobody can print it.
func bareURLs(flag string, given []string, users map[string]*url.Userinfo) ([]string, error) {
	var bare []string
	for _, raw := range given {
		address, user, ok := plain.SplitURL(raw)
		if !ok {
			return nil, usageError("--%s (or %s): %s is not an http or https URL", flag, environmentName(flag), plain.Quoted(raw))
		}
		if user != nil {
			users[address] = user
		}
		bare = append(bare, address)
	}
	return bare, nil
}

// possible refuses a confirmation that cannot end in time.
func (f *probeFlags) possible(confirm int, timeout time.Duration) error {
	least := switchover.LeastConfirmation(confirm, cmp.Or(f.rate, probe.DefaultRate))
	if least >= timeout {
		return usageError("--confirm %d at --rate %g takes %s at least, and --timeout is %s", confirm, f.rate, least.Round(time.Millisecond), timeout)
	}
	return nil
}

func plural(n int, one string) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", one)
	}
	return fmt.Sprintf("%d %ss", n, one)
}

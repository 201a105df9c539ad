package main

import (
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"al.essio.dev/pkg/shellescape"
	"github.com/spf13/cobra"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/file"
	"apigateway-maintenance/internal/plain"
	"apigateway-maintenance/internal/sandbox"
)

type serveOptions struct {
	config  emulator.Config
	envFile string
}

func newServeCommand() *cobra.Command {
	var opts serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the embedded AWS for your own Terraform and curl",
		Long: `Run the embedded AWS for your own Terraform and curl, until interrupted.

When ready it prints the environment to export, and writes it to --env-file. With it
Terraform, the AWS CLI and SDKs talk to the embedded AWS and to nothing else, and
` + "`maintenance`" + ` resolves names and finds ports as if they were real. There is a hosted zone
and a certificate for ` + sandbox.Zone + `, a backend, and TF_VAR_* variables that name them, so
that examples/basic can be applied at once. All of it is gone when this ends.`,
		Example: `  sandbox serve --env-file sandbox.env     # in one shell
  bash                                     # in another: a shell that can be left
  . ./sandbox.env
  terraform -chdir=examples/basic init && terraform -chdir=examples/basic apply
  curl --cacert "$EMULATOR_CA_FILE" --connect-to "::$EMULATOR_HTTPS" https://` + sandbox.Domain + `/`,
		PreRunE: func(*cobra.Command, []string) error { return opts.local() },
		RunE:    func(cmd *cobra.Command, _ []string) error { return serve(cmd, opts) },
	}
	cmd.Flags().StringVar(&opts.envFile, "env-file", "", "also write the export lines to this `file`")
	cmd.Flags().StringVar(&opts.config.Region, "region", "", "AWS region (default eu-west-1)")
	cmd.Flags().StringVar(&opts.config.APIAddr, "api", "127.0.0.1:0", "`address` of the AWS API")
	cmd.Flags().StringVar(&opts.config.HTTPSAddr, "https", "127.0.0.1:0", "`address` where APIs answer HTTPS")
	cmd.Flags().StringVar(&opts.config.HTTPAddr, "http", "127.0.0.1:0", "`address` where APIs answer HTTP")
	cmd.Flags().StringVar(&opts.config.DNSAddr, "dns", "127.0.0.1:0", "`address` of the name server")
	return cmd
}

// local refuses addresses that others can reach: one fixed key pair, which
// anybody can read in the source, does all in the embedded AWS. A name is not
// taken for what it resolves to just now.
func (o *serveOptions) local() error {
	for _, named := range []struct {
		flag    string
		address *string
	}{{"api", &o.config.APIAddr}, {"https", &o.config.HTTPSAddr}, {"http", &o.config.HTTPAddr}, {"dns", &o.config.DNSAddr}} {
		if port, found := strings.CutPrefix(*named.address, "localhost:"); found {
			*named.address = "127.0.0.1:" + port
		}
		if address, err := netip.ParseAddrPort(*named.address); err != nil || !address.Addr().IsLoopback() {
			return usageError{fmt.Errorf("--%s must be a loopback address with a port, such as 127.0.0.1:0 or [::1]:0: the embedded AWS is for this machine alone", named.flag)}
		}
	}
	return nil
}

func serve(cmd *cobra.Command, opts serveOptions) (err error) {
	opts.config.Notice = func(sentence string) { fmt.Fprintln(cmd.ErrOrStderr(), plain.Line(sentence)) }
	opts.config.PathParameters = pathParameters(cmd.ErrOrStderr())
	stage, err := sandbox.Start(cmd.Context(), opts.config)
	if err != nil {
		return err
	}
	defer stage.Close()
	dir, err := os.MkdirTemp("", "maintenance-sandbox-")
	if err != nil {
		return fmt.Errorf("make a folder for the CA's certificate: %w", err)
	}
	defer os.RemoveAll(dir)
	ca := filepath.Join(dir, "ca.pem")
	if err := file.Write(ca, stage.Emulator.CACertPEM()); err != nil {
		return err
	}
	exports := forget + exportLines(stage.Exports(ca))
	if opts.envFile != "" {
		if err := file.Write(opts.envFile, []byte(exports)); err != nil {
			return fmt.Errorf("the environment %w", err)
		}
		defer os.Remove(opts.envFile)
	}
	fmt.Fprint(cmd.OutOrStdout(), exports)
	fmt.Fprintln(cmd.ErrOrStderr(), "The embedded AWS is ready. Ctrl-C ends it, and all that was made in it.")
	<-cmd.Context().Done()
	return nil
}

// pathParameters says once of each path what may go wrong with it on AWS. A root
// that is only tried out is let through; our own tests are not.
func pathParameters(w io.Writer) func(api, path string) {
	var told sync.Map
	return func(api, path string) {
		if _, before := told.LoadOrStore(api+path, true); !before {
			fmt.Fprintf(w, "The document of API %s declares parameters at the path %s. AWS may drop them there, and then method.request.path.* fails: declare them in each operation.\n", plain.Line(api), plain.Line(path))
		}
	}
}

// forget takes out of a shell what would lead AWS tools elsewhere all the same.
const forget = "unset AWS_PROFILE AWS_SESSION_TOKEN AWS_IGNORE_CONFIGURED_ENDPOINT_URLS\n"

// exportLines spells an environment for POSIX shells.
func exportLines(env []string) string {
	var lines strings.Builder
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		fmt.Fprintf(&lines, "export %s=%s\n", name, shellescape.Quote(value))
	}
	return lines.String()
}

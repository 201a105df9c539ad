// Command maintenance takes an API out of service and back from its own
// Terraform root, keeps the operator from changing anything else by accident,
// and shows that clients get what they should.
package main

import (
	"context"
	"os"
)

func main() {
	ctx, stop := signalled(context.Background())
	defer stop()
	os.Exit(int(run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})))
}

package sandbox

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
)

// orders is the function of examples/serverless, by import path.
const orders = "apigateway-maintenance/examples/serverless/orders"

// BuildOrders builds the function of examples/serverless, for this machine, to
// where a copy of that root looks for it. The function says the version. It
// needs Go, and the repository as the working folder.
func BuildOrders(ctx context.Context, root, version string) error {
	cmd := exec.CommandContext(ctx, "go", "run", orders+"/package",
		"-source", orders, "-arch", runtime.GOARCH, "-version", version, "-o", filepath.Join(root, ".build", "orders.zip"))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the function of examples/serverless, which takes Go and the kit's repository as the working folder: %w\n%s", err, out)
	}
	return nil
}

// ServerlessVars are the variables of examples/serverless for this stage.
func (s *Sandbox) ServerlessVars() map[string]any {
	return map[string]any{"domain_name": Domain, "certificate_arn": s.CertificateARN, "zone_id": s.ZoneID, "architecture": architecture()}
}

// architecture is what Lambda calls this machine's.
func architecture() string {
	if runtime.GOARCH == "arm64" {
		return "arm64"
	}
	return "x86_64"
}

// Command orders is the function behind the example's API: a small orders
// service, with its state in memory.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"
)

// version is set by the build.
var version = "1"

func main() {
	lambda.Start(newService(version, os.Getenv("ALLOWED_ORIGIN")).Handle)
}

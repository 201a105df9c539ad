//go:build !unix

package main

import (
	"context"
	"os"
	"os/signal"
)

// signalled is a context that ends with the first Ctrl-C.
func signalled(parent context.Context) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(parent, os.Interrupt)
}

// Command compat says whether every resource argument, nested block and
// attribute that our Terraform code names exists in AWS provider 6, whether what
// it requires is there, and whether the values have its types.
//
// The modules allow provider 6 and are run on provider 5. What provider 6
// knows is read from bindings that are generated from its schema and published
// as an npm package, pinned below by version and integrity. They tell neither what
// forces a replacement nor which texts an argument takes.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	cache := flag.String("cache", ".cache", "folder that keeps the downloaded package")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "usage: compat [-cache DIR] FOLDER...\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *cache, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "compat:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, cache string, folders []string) error {
	files, err := terraformFiles(folders)
	if err != nil {
		return err
	}
	uses, err := parseFiles(files)
	if err != nil {
		return err
	}
	archive, err := fetch(ctx, filepath.Join(cache, "npm"))
	if err != nil {
		return err
	}
	schema, err := readBindings(archive, uses.types())
	if err != nil {
		return err
	}
	problems := check(uses, schema)
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%d uses that AWS provider %s does not know", len(problems), providerVersion)
	}
	fmt.Printf("%d blocks and %d references fit AWS provider %s\n", len(uses.blocks), len(uses.references), providerVersion)
	return nil
}

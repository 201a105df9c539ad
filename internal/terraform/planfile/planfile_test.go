package planfile

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vmihailenco/msgpack/v5"
	"google.golang.org/protobuf/encoding/protowire"
	"pgregory.net/rapid"
)

// The tests beside [terraform.Runner.ReadPlan] compare with what `show` says of
// real plans; these make plans that no Terraform of today writes.

const emptyState = `{"version":4,"outputs":{},"resources":[]}`

func bytesField(n protowire.Number, parts ...[]byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, n, protowire.BytesType), bytes.Join(parts, nil))
}

func numberField(n protowire.Number, value uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, n, protowire.VarintType), value)
}

// head is of a plan that Terraform 1.11 wrote.
func head(format uint64) []byte {
	return append(numberField(1, format), bytesField(14, []byte("1.11.4"))...)
}

func packed(t require.TestingT, v any) []byte {
	encoded, err := msgpack.Marshal(v)
	require.NoError(t, err)
	return bytesField(1, encoded)
}

// pieces of the plan of one update, each of which a test may change.
type pieces struct{ plan, resource, change []byte }

func updating(t require.TestingT) pieces {
	return pieces{
		plan:     head(formatVersion),
		resource: bytesField(13, []byte(`module.a["b"].aws_x.this[0]`)),
		change: bytes.Join([][]byte{
			numberField(1, 3),
			bytesField(2, packed(t, map[string]any{"id": "1", "tags": nil})),
			bytesField(2, packed(t, map[string]any{"id": "2", "tags": map[string]any{}})),
		}, nil),
	}
}

// file is the archive that Terraform would make of the pieces.
func (p pieces) file(t require.TestingT, dir string) string {
	plan := append(bytes.Clone(p.plan), bytesField(3, p.resource, bytesField(9, p.change))...)
	return archive(t, dir, map[string]string{"tfplan": string(plan), "tfstate": emptyState, "tfconfig/m-/main.tf": ""})
}

func archive(t require.TestingT, dir string, files map[string]string) string {
	path := filepath.Join(dir, "plan")
	out, err := os.Create(path)
	require.NoError(t, err)
	defer out.Close()
	w := zip.NewWriter(out)
	for name, content := range files {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return path
}

func TestWhatASwitchHoldsIsRead(t *testing.T) {
	plan, err := Read(updating(t).file(t, t.TempDir()), Terraform)
	require.NoError(t, err)
	require.Len(t, plan.ResourceChanges, 1)
	change := plan.ResourceChanges[0]
	assert.Equal(t, "aws_x", change.Type)
	assert.True(t, change.Change.Actions.Update())
	assert.Equal(t, map[string]any{"id": "1", "tags": nil}, change.Change.Before)
	assert.Equal(t, map[string]any{"id": "2", "tags": map[string]any{}}, change.Change.After)
}

func TestWhatIsNotKnownInFullIsUnfamiliar(t *testing.T) {
	cases := map[string]func(*pieces){
		"a field of the plan that nobody knows": func(p *pieces) { p.plan = append(p.plan, numberField(99, 1)...) },
		"deferred changes":                      func(p *pieces) { p.plan = append(p.plan, bytesField(27)...) },
		"actions that are invoked":              func(p *pieces) { p.plan = append(p.plan, bytesField(30)...) },
		"targets":                               func(p *pieces) { p.plan = append(p.plan, bytesField(5, []byte("aws_x.this"))...) },
		"a plan that destroys":                  func(p *pieces) { p.plan = append(p.plan, numberField(17, 1)...) },
		"a plan that failed half-way":           func(p *pieces) { p.plan = append(p.plan, numberField(20, 1)...) },
		"another format version":                func(p *pieces) { p.plan = head(4) },
		"a version to come":                     func(p *pieces) { p.plan = append(p.plan, bytesField(14, []byte("1.17.0"))...) },
		"no version":                            func(p *pieces) { p.plan = numberField(1, formatVersion) },
		"a field of another type":               func(p *pieces) { p.plan = append(p.plan, bytesField(1)...) },
		"a message that ends too early":         func(p *pieces) { p.plan = append(p.plan, protowire.AppendTag(nil, 1, protowire.VarintType)...) },
		"a deposed object":                      func(p *pieces) { p.resource = append(p.resource, bytesField(7, []byte("deadbeef"))...) },
		"a moved resource":                      func(p *pieces) { p.resource = append(p.resource, bytesField(14, []byte("aws_x.old"))...) },
		"a resource without an address":         func(p *pieces) { p.resource = nil },
		"an address that is none":               func(p *pieces) { p.resource = bytesField(13, []byte("module.a")) },
		"a field of a resource":                 func(p *pieces) { p.resource = append(p.resource, numberField(99, 1)...) },
		"an import":                             func(p *pieces) { p.change = append(p.change, bytesField(5)...) },
		"a generated configuration":             func(p *pieces) { p.change = append(p.change, bytesField(6)...) },
		"an action with two meanings":           func(p *pieces) { p.change = append(p.change, numberField(1, 9)...) },
		"a deletion":                            func(p *pieces) { p.change = append(p.change, numberField(1, 5)...) },
		"too many values":                       func(p *pieces) { p.change = append(p.change, bytesField(2, packed(t, nil))...) },
		"a value that is none":                  func(p *pieces) { p.change = append(p.change, bytesField(2, bytesField(1, []byte{0xc1}))...) },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			p := updating(t)
			change(&p)
			_, err := Read(p.file(t, t.TempDir()), Terraform)
			assert.ErrorAs(t, err, new(*UnfamiliarError))
		})
	}

	complete := updating(t)
	complete.plan = append(complete.plan, numberField(26, 1)...)
	_, err := Read(complete.file(t, t.TempDir()), Terraform)
	require.NoError(t, err)
	_, err = Read(complete.file(t, t.TempDir()), OpenTofu)
	assert.ErrorAs(t, err, new(*UnfamiliarError), "OpenTofu has no such field")

	whole := map[string]string{"tfplan": string(head(formatVersion)), "tfstate": emptyState, "tfconfig/m-/main.tf": ""}
	_, err = Read(archive(t, t.TempDir(), whole), Terraform)
	require.NoError(t, err)
	for name, content := range map[string]string{
		"tfstate":                      `{"version":5}`,
		"tfconfig/m-/override.tf":      "",
		"tfconfig/m-/some_override.tf": "",
		"tfconfig/m-/main.tf":          "variable {",
	} {
		files := map[string]string{name: content}
		for other, text := range whole {
			if other != name {
				files[other] = text
			}
		}
		_, err := Read(archive(t, t.TempDir(), files), Terraform)
		assert.ErrorAs(t, err, new(*UnfamiliarError), name)
	}
	encrypted := filepath.Join(t.TempDir(), "plan")
	require.NoError(t, os.WriteFile(encrypted, []byte(`{"encrypted_data":""}`), 0o600))
	_, err = Read(encrypted, Terraform)
	assert.ErrorAs(t, err, new(*UnfamiliarError))
	_, err = Read(filepath.Join(t.TempDir(), "none"), Terraform)
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// TestDamageIsAnErrorOrIsNotInThePlan breaks bytes of the message at random:
// reading it must not panic, and errors are of the one kind.
func TestDamageIsAnErrorOrIsNotInThePlan(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		p := updating(r)
		for _, piece := range []*[]byte{&p.plan, &p.resource, &p.change} {
			for range rapid.IntRange(0, 2).Draw(r, "damages") {
				at := rapid.IntRange(0, len(*piece)-1).Draw(r, "at")
				(*piece)[at] = rapid.Byte().Draw(r, "byte")
			}
		}
		if _, err := Read(p.file(r, dir), Terraform); err != nil {
			assert.ErrorAs(r, err, new(*UnfamiliarError))
		}
	})
}

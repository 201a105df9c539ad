package lambda

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"strings"

	"github.com/google/uuid"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// lookup finds a function by what a path or an ARN names: a name, or the ARN,
// perhaps with the qualifier $LATEST.
func (s *Service) lookup(region, named string) (*function, error) {
	name := named
	if strings.HasPrefix(named, "arn:") {
		parts := strings.Split(named, ":")
		if len(parts) < 7 {
			return nil, invalid("Invalid ARN: %s", named)
		}
		region, name = parts[3], parts[6]
		if len(parts) > 7 && parts[7] != latest { // published versions there are none
			name += ":" + parts[7]
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	f := s.functions[functionKey{region, name}]
	if f == nil {
		return nil, awsproto.Errorf(http.StatusNotFound, "ResourceNotFoundException", "Function not found: %s", awsproto.ARN("lambda", region, awsproto.AccountID, "function:"+name))
	}
	return f, nil
}

// named finds the function of the request's path; published versions there are
// none.
func (s *Service) named(r *awsproto.Request) (*function, error) {
	if q := r.URL.Query().Get("Qualifier"); q != "" && q != latest {
		return nil, awsproto.Errorf(http.StatusNotFound, "ResourceNotFoundException", "Function not found: %s:%s", r.PathValue("name"), q)
	}
	return s.lookup(r.Region, r.PathValue("name"))
}

func (s *Service) getFunction(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return writeJSON(w, http.StatusOK, map[string]any{
		"Configuration": f.configuration(),
		"Code":          map[string]string{"RepositoryType": "S3", "Location": "https://code.invalid/" + f.name},
		"Tags":          f.tags,
	})
}

func (s *Service) getConfiguration(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return writeJSON(w, http.StatusOK, f.configuration())
}

// updateConfiguration changes a copy, so that requests see the old settings or
// the new ones.
func (s *Service) updateConfiguration(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	var in createInput
	if err := decode(r, &in); err != nil {
		return err
	}
	if err := refuseSettings(map[string]json.RawMessage{
		"VpcConfig": in.VpcConfig, "DeadLetterConfig": in.DeadLetterConfig, "Layers": in.Layers, "FileSystemConfigs": in.FileSystemConfigs,
		"ImageConfig": in.ImageConfig, "SnapStart": in.SnapStart, "TracingConfig": in.TracingConfig,
	}); err != nil {
		return err
	}
	return s.replace(w, f, func(next *function) error {
		next.apply(in.settings)
		return s.check(next)
	})
}

func (s *Service) updateCode(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	var in struct {
		codeInput
		Architectures   []string
		Publish, DryRun bool
	}
	if err := decode(r, &in); err != nil {
		return err
	}
	if in.S3Bucket != "" || in.S3Key != "" || in.ImageUri != "" || in.Publish || in.DryRun {
		return unsupported("code from S3 or ECR, published versions and dry runs")
	}
	unpacked, err := s.unpack(in.ZipFile)
	if err != nil {
		return err
	}
	return s.replace(w, f, func(next *function) error {
		next.code = unpacked
		if len(in.Architectures) == 1 {
			next.architecture = in.Architectures[0]
		}
		return nil
	})
}

// replace puts a changed copy in the place of a function. Its processes end
// when what they have under way is done.
func (s *Service) replace(w http.ResponseWriter, f *function, change func(*function) error) error {
	s.mu.Lock()
	next := f.clone()
	if err := change(next); err != nil {
		s.mu.Unlock()
		return err
	}
	next.modified, next.revision = s.config.Now(), uuid.NewString()
	s.functions[functionKey{f.region, f.name}] = next
	configuration := next.configuration()
	s.mu.Unlock()
	f.retire(func() {
		if f.code.dir != next.code.dir {
			_ = os.RemoveAll(f.code.dir)
		}
	})
	return writeJSON(w, http.StatusOK, configuration)
}

func (f *function) clone() *function {
	return &function{
		region: f.region, name: f.name, revision: f.revision, modified: f.modified,
		description: f.description, role: f.role, handler: f.handler, runtime: f.runtime, architecture: f.architecture,
		timeout: f.timeout, memory: f.memory, variables: maps.Clone(f.variables), logGroup: f.logGroup,
		tags: maps.Clone(f.tags), permissions: f.permissions, code: f.code,
	}
}

func (s *Service) deleteFunction(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	delete(s.functions, functionKey{f.region, f.name})
	s.mu.Unlock()
	f.retire(func() { _ = os.RemoveAll(f.code.dir) })
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Service) listVersions(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	only := f.configuration()
	only.FunctionArn += ":" + latest
	return writeJSON(w, http.StatusOK, map[string]any{"Versions": []configuration{only}})
}

func (s *Service) getCodeSigning(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"FunctionName": f.name})
}

func (s *Service) listTags(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.lookup(r.Region, r.PathValue("arn"))
	if err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return writeJSON(w, http.StatusOK, map[string]any{"Tags": f.tags})
}

func (s *Service) tag(w http.ResponseWriter, r *awsproto.Request) error {
	var in struct{ Tags map[string]string }
	if err := decode(r, &in); err != nil {
		return err
	}
	return s.changeTags(w, r, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
}

func (s *Service) untag(w http.ResponseWriter, r *awsproto.Request) error {
	return s.changeTags(w, r, func(tags map[string]string) {
		for _, key := range r.URL.Query()["tagKeys"] {
			delete(tags, key)
		}
	})
}

func (s *Service) changeTags(w http.ResponseWriter, r *awsproto.Request, change func(map[string]string)) error {
	f, err := s.lookup(r.Region, r.PathValue("arn"))
	if err != nil {
		return err
	}
	s.mu.Lock()
	tags := maps.Clone(f.tags)
	if tags == nil {
		tags = map[string]string{}
	}
	change(tags)
	f.tags = tags
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
	return nil
}

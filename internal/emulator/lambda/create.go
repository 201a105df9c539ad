package lambda

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/iampolicy"
)

// createInput is CreateFunction's body. What is raw is refused where it is set
// to anything that means something.
type createInput struct {
	settings
	FunctionName  string
	Architectures []string
	Code          codeInput
	Tags          map[string]string
	PackageType   string
	Publish       bool

	VpcConfig, DeadLetterConfig, Layers, FileSystemConfigs, ImageConfig, SnapStart, TracingConfig json.RawMessage
	KMSKeyArn, CodeSigningConfigArn                                                               string
}

type codeInput struct {
	ZipFile                   []byte
	S3Bucket, S3Key, ImageUri string
}

var (
	functionName = regexp.MustCompile(`^[a-zA-Z0-9-_]{1,64}$`)
	runtimes     = []string{"provided.al2023", "provided.al2"}
	// reserved environment variables cannot be set (Lambda guide, "Defined
	// runtime environment variables").
	reserved = []string{"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
		"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
		"AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"}
)

func (s *Service) createFunction(w http.ResponseWriter, r *awsproto.Request) error {
	var in createInput
	if err := decode(r, &in); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	f := &function{
		region: r.Region, name: in.FunctionName, modified: s.config.Now(), revision: uuid.NewString(),
		timeout: 3, memory: 128, architecture: "x86_64", logGroup: "/aws/lambda/" + in.FunctionName, tags: in.Tags,
	}
	if len(in.Architectures) == 1 {
		f.architecture = in.Architectures[0]
	}
	f.apply(in.settings)
	if err := s.check(f); err != nil {
		return err
	}
	unpacked, err := s.unpack(in.Code.ZipFile)
	if err != nil {
		return err
	}
	f.code = unpacked
	if err := s.add(f); err != nil {
		_ = os.RemoveAll(unpacked.dir)
		return err
	}
	return writeJSON(w, http.StatusCreated, f.configuration())
}

func (s *Service) add(f *function) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := functionKey{f.region, f.name}
	if s.functions[key] != nil {
		return awsproto.Errorf(http.StatusConflict, "ResourceConflictException", "Function already exist: %s", f.name)
	}
	s.functions[key] = f
	return nil
}

func (in createInput) check() error {
	switch {
	case !functionName.MatchString(in.FunctionName):
		return awsproto.Errorf(http.StatusBadRequest, "ValidationException", "1 validation error detected: Value '%s' at 'functionName' failed to satisfy constraint", in.FunctionName)
	case in.PackageType != "" && in.PackageType != "Zip":
		return unsupported("functions that are container images")
	case in.Code.S3Bucket != "" || in.Code.S3Key != "" || in.Code.ImageUri != "":
		return unsupported("code from S3 or ECR; use filename")
	case in.Publish:
		return unsupported("published versions")
	case in.KMSKeyArn != "" || in.CodeSigningConfigArn != "":
		return unsupported("KMS keys and code signing")
	case len(in.Architectures) > 1 || len(in.Architectures) == 1 && !slices.Contains([]string{"x86_64", "arm64"}, in.Architectures[0]):
		return invalid("Architectures must be one of x86_64 and arm64")
	case in.Handler == nil || *in.Handler == "" || in.Runtime == nil:
		return invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	}
	return refuseSettings(map[string]json.RawMessage{
		"VpcConfig": in.VpcConfig, "DeadLetterConfig": in.DeadLetterConfig, "Layers": in.Layers, "FileSystemConfigs": in.FileSystemConfigs,
		"ImageConfig": in.ImageConfig, "SnapStart": in.SnapStart, "TracingConfig": in.TracingConfig,
	})
}

// refuseSettings refuses those that are set to more than nothing. Of tracing
// and SnapStart the passive values are what the provider may send.
func refuseSettings(given map[string]json.RawMessage) error {
	for name, raw := range given {
		switch text := string(raw); {
		case text == "", text == "null", text == "{}", text == "[]":
		case strings.Contains(text, `"PassThrough"`), strings.Contains(text, `"ApplyOn":"None"`):
		default:
			return unsupported("%s", name)
		}
	}
	return nil
}

// check is for what a function is after a create or an update.
func (s *Service) check(f *function) error {
	switch {
	case !slices.Contains(runtimes, f.runtime):
		return unsupported("the runtime %s; it runs %s", f.runtime, strings.Join(runtimes, " and "))
	case f.timeout < 1 || f.timeout > 900:
		return invalid("1 validation error detected: Value '%d' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900", f.timeout)
	case f.memory < 128 || f.memory > 10240:
		return invalid("'MemorySize' value failed to satisfy constraint: Member must have value between 128 and 10240")
	case !s.config.Roles.CanBeAssumed(f.role, "lambda.amazonaws.com", iampolicy.Context{"aws:SourceArn": {f.arn()}, "aws:SourceAccount": {awsproto.AccountID}}):
		return invalid("The role defined for the function cannot be assumed by Lambda.")
	}
	var wrong []string
	size := 0
	for name, value := range f.variables {
		size += len(name) + len(value)
		if slices.Contains(reserved, name) {
			wrong = append(wrong, name)
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", strings.Join(wrong, ", "))
	}
	if size > 4096 {
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.")
	}
	return nil
}

func decode(r *awsproto.Request, into any) error {
	if len(r.Payload) == 0 {
		return nil
	}
	if err := json.Unmarshal(r.Payload, into); err != nil {
		return awsproto.Errorf(http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json: %v", err)
	}
	return nil
}

func writeJSON(w http.ResponseWriter, status int, body any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(body)
}

func unsupported(format string, args ...any) error {
	e := awsproto.Errorf(http.StatusNotImplemented, "NotImplemented", format, args...)
	e.Message = "the embedded AWS does not do this: " + e.Message
	return e
}

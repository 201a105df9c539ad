package logs

import (
	"cmp"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

type group struct {
	region, name, class string
	created             time.Time
	retention           int // days; zero keeps events for ever
	tags                map[string]string
	streams             map[string]*stream
}

func (g *group) arn() string {
	return awsproto.ARN("logs", g.region, awsproto.AccountID, "log-group:"+g.name)
}

// retentions are the days that PutRetentionPolicy takes (CloudWatch Logs API
// reference).
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

var groupName = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]{1,512}$`)

func (s *Service) createLogGroup(r *awsproto.Request) (any, error) {
	var in struct {
		LogGroupName  string            `json:"logGroupName"`
		LogGroupClass string            `json:"logGroupClass"`
		KmsKeyID      string            `json:"kmsKeyId"`
		Tags          map[string]string `json:"tags"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	key := groupKey{r.Region, in.LogGroupName}
	switch {
	case !groupName.MatchString(in.LogGroupName):
		return nil, invalid("1 validation error detected: Value '%s' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+", in.LogGroupName)
	case in.KmsKeyID != "":
		return nil, awsproto.Errorf(http.StatusNotImplemented, "NotImplemented", "the embedded AWS does not do this: log groups encrypted with a KMS key")
	case s.groups[key] != nil:
		return nil, awsproto.Errorf(http.StatusBadRequest, "ResourceAlreadyExistsException", "The specified log group already exists")
	}
	g := s.newGroup(key)
	g.class = cmp.Or(in.LogGroupClass, "STANDARD")
	maps.Copy(g.tags, in.Tags)
	return nil, nil
}

func (s *Service) newGroup(key groupKey) *group {
	g := &group{region: key.region, name: key.name, class: "STANDARD", created: s.now(), tags: map[string]string{}, streams: map[string]*stream{}}
	s.groups[key] = g
	return g
}

type groupJSON struct {
	ARN               string `json:"arn"`
	CreationTime      int64  `json:"creationTime"`
	LogGroupARN       string `json:"logGroupArn"`
	LogGroupClass     string `json:"logGroupClass"`
	LogGroupName      string `json:"logGroupName"`
	MetricFilterCount int    `json:"metricFilterCount"`
	RetentionInDays   int    `json:"retentionInDays,omitempty"`
	StoredBytes       int    `json:"storedBytes"`
}

func (s *Service) describeLogGroups(r *awsproto.Request) (any, error) {
	var in struct {
		LogGroupNamePrefix string `json:"logGroupNamePrefix"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	list := []groupJSON{}
	for key, g := range s.groups {
		if key.region == r.Region && strings.HasPrefix(key.name, in.LogGroupNamePrefix) {
			list = append(list, groupJSON{
				ARN: g.arn() + ":*", LogGroupARN: g.arn(), CreationTime: g.created.UnixMilli(), LogGroupClass: g.class, LogGroupName: g.name, RetentionInDays: g.retention,
			})
		}
	}
	slices.SortFunc(list, func(a, b groupJSON) int { return cmp.Compare(a.LogGroupName, b.LogGroupName) })
	return map[string]any{"logGroups": list}, nil
}

// group finds the group that a call names.
func (s *Service) group(region, name string) (*group, error) {
	g := s.groups[groupKey{region, name}]
	if g == nil {
		return nil, notFound("log group")
	}
	return g, nil
}

type groupInput struct {
	LogGroupName    string `json:"logGroupName"`
	RetentionInDays int    `json:"retentionInDays"`
}

func (s *Service) named(r *awsproto.Request) (*group, groupInput, error) {
	var in groupInput
	if err := decode(r, &in); err != nil {
		return nil, in, err
	}
	g, err := s.group(r.Region, in.LogGroupName)
	return g, in, err
}

func (s *Service) deleteLogGroup(r *awsproto.Request) (any, error) {
	g, _, err := s.named(r)
	if err != nil {
		return nil, err
	}
	delete(s.groups, groupKey{g.region, g.name})
	return nil, nil
}

func (s *Service) putRetentionPolicy(r *awsproto.Request) (any, error) {
	g, in, err := s.named(r)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(retentions, in.RetentionInDays) {
		return nil, invalid("1 validation error detected: Value '%d' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set", in.RetentionInDays)
	}
	g.retention = in.RetentionInDays
	return nil, nil
}

func (s *Service) deleteRetentionPolicy(r *awsproto.Request) (any, error) {
	g, _, err := s.named(r)
	if err != nil {
		return nil, err
	}
	g.retention = 0
	return nil, nil
}

type tagInput struct {
	ResourceArn string            `json:"resourceArn"`
	Tags        map[string]string `json:"tags"`
	TagKeys     []string          `json:"tagKeys"`
}

func (s *Service) tagged(r *awsproto.Request) (*group, tagInput, error) {
	var in tagInput
	if err := decode(r, &in); err != nil {
		return nil, in, err
	}
	_, name, _ := strings.Cut(in.ResourceArn, ":log-group:")
	g, err := s.group(r.Region, strings.TrimSuffix(name, ":*"))
	return g, in, err
}

func (s *Service) listTags(r *awsproto.Request) (any, error) {
	g, _, err := s.tagged(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"tags": g.tags}, nil
}

func (s *Service) tag(r *awsproto.Request) (any, error) {
	g, in, err := s.tagged(r)
	if err != nil {
		return nil, err
	}
	maps.Copy(g.tags, in.Tags)
	return nil, nil
}

func (s *Service) untag(r *awsproto.Request) (any, error) {
	g, in, err := s.tagged(r)
	if err != nil {
		return nil, err
	}
	for _, key := range in.TagKeys {
		delete(g.tags, key)
	}
	return nil, nil
}

package route53

import (
	"encoding/xml"
	"maps"
	"net/http"
	"slices"

	"apigateway-maintenance/internal/emulator/awsproto"
)

type tagXML struct {
	Key   string `xml:"Key"`
	Value string `xml:"Value"`
}

func (s *Service) listTags(w http.ResponseWriter, r *awsproto.Request) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	z, err := s.lookup(r.PathValue("id"))
	if err != nil {
		return err
	}
	output := struct {
		XMLName xml.Name `xml:"https://route53.amazonaws.com/doc/2013-04-01/ ListTagsForResourceResponse"`
		Type    string   `xml:"ResourceTagSet>ResourceType"`
		ID      string   `xml:"ResourceTagSet>ResourceId"`
		Tags    []tagXML `xml:"ResourceTagSet>Tags>Tag"`
	}{Type: "hostedzone", ID: z.id}
	for _, key := range slices.Sorted(maps.Keys(z.tags)) {
		output.Tags = append(output.Tags, tagXML{key, z.tags[key]})
	}
	return encode(w, http.StatusOK, output)
}

func (s *Service) changeTags(w http.ResponseWriter, r *awsproto.Request) error {
	var input struct {
		Add    []tagXML `xml:"AddTags>Tag"`
		Remove []string `xml:"RemoveTagKeys>Key"`
	}
	if err := decode(r, &input); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	z, err := s.lookup(r.PathValue("id"))
	if err != nil {
		return err
	}
	for _, tag := range input.Add {
		z.tags[tag.Key] = tag.Value
	}
	for _, key := range input.Remove {
		delete(z.tags, key)
	}
	return encode(w, http.StatusOK, struct {
		XMLName xml.Name `xml:"https://route53.amazonaws.com/doc/2013-04-01/ ChangeTagsForResourceResponse"`
	}{})
}

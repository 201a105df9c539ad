package route53

import (
	"encoding/xml"
	"net/http"

	"apigateway-maintenance/internal/emulator/awsproto"
)

type hostedZoneXML struct {
	ID              string `xml:"Id"`
	Name            string `xml:"Name"`
	CallerReference string `xml:"CallerReference"`
	Comment         string `xml:"Config>Comment,omitempty"`
	PrivateZone     bool   `xml:"Config>PrivateZone"`
	RecordCount     int    `xml:"ResourceRecordSetCount"`
}

type delegationXML struct {
	NameServers []string `xml:"NameServers>NameServer"`
}

type changeXML struct {
	ID          string `xml:"Id"`
	Status      string `xml:"Status"`
	SubmittedAt string `xml:"SubmittedAt"`
}

func (z *zone) xml() hostedZoneXML {
	return hostedZoneXML{ID: "/hostedzone/" + z.id, Name: escaped(z.name), CallerReference: z.callerReference, Comment: z.comment, RecordCount: len(z.records)}
}

// delegation names the servers without a trailing dot, as Route 53 does.
func (z *zone) delegation() *delegationXML {
	set := &delegationXML{}
	for _, name := range z.nameServers {
		set.NameServers = append(set.NameServers, name[:len(name)-1])
	}
	return set
}

func zonesXML(zones []*zone) []hostedZoneXML {
	out := make([]hostedZoneXML, len(zones))
	for i, z := range zones {
		out[i] = z.xml()
	}
	return out
}

func decode(r *awsproto.Request, into any) error {
	if err := xml.Unmarshal(r.Payload, into); err != nil {
		return awsproto.Errorf(http.StatusBadRequest, "MalformedInput", "the request's XML cannot be read: %v", err)
	}
	return nil
}

func encode(w http.ResponseWriter, status int, body any) error {
	text, err := xml.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	// A client that went away cannot be told.
	_, _ = w.Write(append([]byte(xml.Header), text...))
	return nil
}

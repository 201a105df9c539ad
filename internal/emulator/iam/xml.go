package iam

import (
	"encoding/xml"
	"net/http"
)

const namespace = "https://iam.amazonaws.com/doc/2010-05-08/"

// writeAnswer writes <ActionResponse><ActionResult>...</ActionResult>, the form
// of the Query protocol. An action without output has no Result element.
func writeAnswer(w http.ResponseWriter, action string, result any, requestID string) error {
	w.Header().Set("Content-Type", "text/xml")
	encoder := xml.NewEncoder(w)
	response := xml.StartElement{Name: xml.Name{Local: action + "Response"}, Attr: []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: namespace}}}
	if err := encoder.EncodeToken(response); err != nil {
		return err
	}
	if result != nil {
		if err := encoder.EncodeElement(result, element(action+"Result")); err != nil {
			return err
		}
	}
	metadata := struct {
		RequestID string `xml:"RequestId"`
	}{requestID}
	if err := encoder.EncodeElement(metadata, element("ResponseMetadata")); err != nil {
		return err
	}
	if err := encoder.EncodeToken(response.End()); err != nil {
		return err
	}
	return encoder.Flush()
}

func element(name string) xml.StartElement { return xml.StartElement{Name: xml.Name{Local: name}} }

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// order is what a customer wants.
type order struct {
	ID       string    `json:"id"`
	Item     string    `json:"item"`
	Quantity int       `json:"quantity"`
	Placed   time.Time `json:"placed"`
}

// service keeps orders in memory: each process of the function has its own, and
// forgets them when it ends. A real one would have a table.
type service struct {
	version, origin string

	mu     sync.Mutex
	orders []order
}

func newService(version, origin string) *service {
	return &service{version: version, origin: origin, orders: []order{{ID: "1", Item: "tea", Quantity: 2, Placed: time.Date(2026, 1, 2, 9, 30, 0, 0, time.UTC)}}}
}

// Handle answers one request. It goes by the resource, for a custom domain puts
// its base path into the path, and an execute-api host does not (fact J9).
func (s *service) Handle(request events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	if request.RequestContext.Stage == "health" { // the other API
		return s.answer(http.StatusOK, map[string]string{"status": "ok", "version": s.version})
	}
	switch request.HTTPMethod + " " + request.Resource {
	case "GET /":
		return s.list()
	case "POST /":
		return s.create(request)
	case "GET /{id}":
		return s.get(request.PathParameters["id"])
	}
	if request.HTTPMethod == http.MethodOptions {
		return s.preflight()
	}
	return s.problem(http.StatusMethodNotAllowed, "This resource does not know "+request.HTTPMethod+".")
}

func (s *service) list() (events.APIGatewayProxyResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answer(http.StatusOK, map[string]any{"orders": s.orders})
}

func (s *service) get(id string) (events.APIGatewayProxyResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.orders {
		if o.ID == id {
			return s.answer(http.StatusOK, o)
		}
	}
	return s.problem(http.StatusNotFound, "There is no order "+id+".")
}

func (s *service) create(request events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	var wanted order
	if err := json.Unmarshal([]byte(request.Body), &wanted); err != nil {
		return s.problem(http.StatusBadRequest, "The body is not an order in JSON.")
	}
	if strings.TrimSpace(wanted.Item) == "" || wanted.Quantity < 1 {
		return s.problem(http.StatusUnprocessableEntity, "An order needs an item, and a quantity of at least 1.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted.ID, wanted.Placed = fmt.Sprint(len(s.orders)+1), time.Now().UTC()
	s.orders = append(s.orders, wanted)
	fmt.Printf("order %s: %d x %s\n", wanted.ID, wanted.Quantity, wanted.Item)
	return s.answer(http.StatusCreated, wanted)
}

// preflight lets the website send JSON from its own origin.
func (s *service) preflight() (events.APIGatewayProxyResponse, error) {
	response, err := s.answer(http.StatusNoContent, nil)
	response.Headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
	response.Headers["Access-Control-Allow-Headers"] = "content-type"
	response.Headers["Access-Control-Max-Age"] = "60" // a longer one would outlive a switch
	return response, err
}

func (s *service) problem(status int, detail string) (events.APIGatewayProxyResponse, error) {
	return s.answer(status, map[string]any{"status": status, "title": http.StatusText(status), "detail": detail})
}

func (s *service) answer(status int, body any) (events.APIGatewayProxyResponse, error) {
	response := events.APIGatewayProxyResponse{
		StatusCode: status,
		Headers: map[string]string{
			"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store",
			"Access-Control-Allow-Origin": s.origin, "Vary": "Origin",
		},
	}
	if body == nil {
		return response, nil
	}
	text, err := json.Marshal(body)
	response.Body = string(text)
	return response, err
}

package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// As much of an API server as the webhook asks of one, over TLS and HTTP/2: lists in pages, and watches in which nothing ever
// happens. Objects are written when they are asked for, so that a large cluster takes no memory.
type apiServer struct {
	address, ca string
	objects     map[string]collection
	mutex       sync.Mutex
	watched     []string
	asked       int
}

// How many objects a collection has, and how each of them looks.
type collection struct {
	apiVersion, kind string
	count            int
	write            func(number int) string
}

func standIn(of cluster, serving identity, work string) *apiServer {
	own := newIdentity("stand-in")
	pair, err := tls.X509KeyPair(own.certificate, own.key)
	must(err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	server := &apiServer{address: listener.Addr().String(), ca: filepath.Join(work, "ca.crt"), objects: of.collections(serving)}
	must(os.WriteFile(server.ca, own.certificate, 0o600))
	http := &http.Server{
		Handler:   http.HandlerFunc(server.answer),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"}},
		ErrorLog:  log.New(io.Discard, "", 0), // A process that is ended breaks its connections.
	}
	go func() { log.Fatal(http.ServeTLS(listener, "", "")) }()
	return server
}

func (s *apiServer) answer(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	s.asked++
	s.mutex.Unlock()
	if r.Header.Get("Upgrade") != "" {
		w.WriteHeader(http.StatusServiceUnavailable) // The client then watches by a plain GET.
		return
	}
	w.Header().Set("Content-Type", "application/json")
	found, ok := s.objects[r.URL.Path]
	query := r.URL.Query()
	switch {
	case r.Method != http.MethodGet || !ok:
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}`)
	case query.Get("watch") == "true":
		w.(http.Flusher).Flush()
		s.mutex.Lock()
		s.watched = append(s.watched, r.URL.Path)
		s.mutex.Unlock()
		<-r.Context().Done()
	default:
		list(w, found, query.Get("limit"), query.Get("continue"))
	}
}

func list(w io.Writer, of collection, limit, from string) {
	first, _ := strconv.Atoi(from)
	end := of.count
	if page, err := strconv.Atoi(limit); err == nil && page > 0 {
		end = min(end, first+page)
	}
	rest := ""
	if end < of.count {
		rest = fmt.Sprintf(`,"continue":"%d"`, end)
	}
	fmt.Fprintf(w, `{"apiVersion":%q,"kind":"%sList","metadata":{"resourceVersion":"1000000"%s},"items":[`, of.apiVersion, of.kind, rest)
	for number := first; number < end; number++ {
		if number > first {
			io.WriteString(w, ",")
		}
		io.WriteString(w, of.write(number))
	}
	io.WriteString(w, "]}")
}

// watches are the collections that are watched, each of which was listed before.
func (s *apiServer) watches() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.watched)
}

// watchesAll tells whether everything that there is is watched; Secrets are by their name.
func (s *apiServer) watchesAll() bool {
	watched := s.watches()
	for path := range s.objects {
		if !slices.Contains(watched, path) && !strings.Contains(path, "/secrets") {
			return false
		}
	}
	return true
}

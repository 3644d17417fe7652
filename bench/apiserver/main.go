// Measures how many Deployments per second an API server takes with a webhook behind it; run by bench/run apiserver.
//
//	webhook    a webhook that decides nothing: every review gets the same patch, or a yes
//	configure  makes webhook configurations of the chart's: a URL in the place of a Service, and only namespaces of one scope
//	load       creates Deployments in a namespace for a while and prints how many per second
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 {
		log.Fatal("usage: apiserver webhook|configure|load [flags]")
	}
	command, arguments := os.Args[1], os.Args[2:]
	switch command {
	case "webhook":
		webhook(arguments)
	case "configure":
		configure(arguments)
	case "load":
		load(arguments)
	default:
		log.Fatalf("unknown command %q", command)
	}
}

// What Gracekeeper answers for the Deployment below, so that the API server has the same work with both.
const patch = `[{"op":"add","path":"/spec/template/spec/terminationGracePeriodSeconds","value":35},` +
	`{"op":"add","path":"/spec/template/spec/containers/0/lifecycle","value":{"preStop":{"sleep":{"seconds":10}}}},` +
	`{"op":"add","path":"/spec/template/metadata/annotations","value":{"gracekeeper.io/injected":` +
	`"{\"terminationGracePeriodSeconds\":35,\"was\":30,\"preStopSleepSeconds\":{\"app\":10}}"}}]`

func webhook(arguments []string) {
	flags := flag.NewFlagSet("webhook", flag.ExitOnError)
	listen := flags.String("listen", "127.0.0.1:9443", "address")
	cert := flags.String("cert", "", "certificate, PEM")
	key := flags.String("key", "", "its key, PEM")
	must(flags.Parse(arguments))
	encoded := base64.StdEncoding.EncodeToString([]byte(patch))
	answer := func(extra string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var review struct {
				Request struct {
					UID string `json:"uid"`
				} `json:"request"`
			}
			if err := json.NewDecoder(r.Body).Decode(&review); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":%q,"allowed":true%s}}`,
				review.Request.UID, extra)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/mutate/", answer(`,"patchType":"JSONPatch","patch":"`+encoded+`"`))
	mux.HandleFunc("/validate/", answer(""))
	log.Fatal(http.ListenAndServeTLS(*listen, *cert, *key, mux))
}

func configure(arguments []string) {
	flags := flag.NewFlagSet("configure", flag.ExitOnError)
	url := flags.String("url", "", "where the webhook listens, as https://127.0.0.1:9443")
	ca := flags.String("ca", "", "who signed its certificate, PEM")
	scope := flags.String("scope", "", "the namespaces with the label bench=SCOPE")
	must(flags.Parse(arguments))
	bundle, err := os.ReadFile(*ca)
	must(err)
	decoder := json.NewDecoder(os.Stdin)
	for {
		var object map[string]any
		if err := decoder.Decode(&object); err == io.EOF {
			return
		} else {
			must(err)
		}
		items, isList := object["items"].([]any)
		if !isList {
			items = []any{object}
		}
		for _, item := range items {
			one := item.(map[string]any)
			if !strings.HasSuffix(one["kind"].(string), "WebhookConfiguration") {
				continue
			}
			one["metadata"] = map[string]any{"name": "bench-" + *scope}
			for _, hook := range one["webhooks"].([]any) {
				h := hook.(map[string]any)
				path := h["clientConfig"].(map[string]any)["service"].(map[string]any)["path"].(string)
				h["clientConfig"] = map[string]any{"url": *url + path, "caBundle": base64.StdEncoding.EncodeToString(bundle)}
				h["failurePolicy"] = "Fail"
				selector, _ := h["namespaceSelector"].(map[string]any)
				if selector == nil {
					selector = map[string]any{}
				}
				labels, _ := selector["matchLabels"].(map[string]any)
				if labels == nil {
					labels = map[string]any{}
				}
				labels["bench"] = *scope
				selector["matchLabels"] = labels
				h["namespaceSelector"] = selector
			}
			must(json.NewEncoder(os.Stdout).Encode(one))
		}
	}
}

// A Deployment of 6 KB, as people write them.
func deployment(name string) []byte {
	var env []string
	for i := range 45 {
		env = append(env, fmt.Sprintf(`{"name":"SETTING_%d","value":"a value of an ordinary length, number %d, and some more words of it"}`, i, i))
	}
	return []byte(fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":%q,"labels":{"app":"bench"}},
"spec":{"replicas":1,"selector":{"matchLabels":{"app":"bench"}},"template":{"metadata":{"labels":{"app":"bench"}},"spec":{"containers":[
{"name":"app","image":"registry.example/app:1","ports":[{"containerPort":8080}],"env":[%s],
"resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"}},
"readinessProbe":{"httpGet":{"path":"/ready","port":8080}}}]}}}}`, name, strings.Join(env, ",")))
}

func load(arguments []string) {
	flags := flag.NewFlagSet("load", flag.ExitOnError)
	server := flags.String("server", "", "URL of the API server")
	ca := flags.String("ca", "", "who signed its certificate, PEM")
	token := flags.String("token", "", "file with a token")
	namespace := flags.String("namespace", "", "where to create")
	seconds := flags.Int("seconds", 15, "how long")
	connections := flags.Int("connections", 16, "how many requests at once")
	wantPatch := flags.Bool("want-patch", true, "whether what is created must have been edited")
	must(flags.Parse(arguments))
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(*ca)
	must(err)
	roots.AppendCertsFromPEM(pem)
	bearer, err := os.ReadFile(*token)
	must(err)
	authorization := "Bearer " + strings.TrimSpace(string(bearer))
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots},
		MaxIdleConnsPerHost: *connections,
		ForceAttemptHTTP2:   true,
	}}
	url := *server + "/apis/apps/v1/namespaces/" + *namespace + "/deployments"
	var created, number atomic.Int64
	start := time.Now()
	end := start.Add(time.Duration(*seconds) * time.Second)
	var workers sync.WaitGroup
	for range *connections {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for time.Now().Before(end) {
				name := fmt.Sprintf("d-%d-%d", start.UnixNano(), number.Add(1))
				request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(deployment(name)))
				must(err)
				request.Header.Set("Authorization", authorization)
				request.Header.Set("Content-Type", "application/json")
				response, err := client.Do(request)
				must(err)
				body, err := io.ReadAll(response.Body)
				must(err)
				response.Body.Close()
				if response.StatusCode != http.StatusCreated {
					log.Fatalf("%s: %s", response.Status, body)
				}
				if patched := bytes.Contains(body, []byte("gracekeeper.io/injected")); patched != *wantPatch {
					log.Fatalf("edited: %t, expected: %t: %s", patched, *wantPatch, body)
				}
				created.Add(1)
			}
		}()
	}
	workers.Wait()
	fmt.Printf("%.1f\n", float64(created.Load())/time.Since(start).Seconds())
	remove, err := http.NewRequest(http.MethodDelete, url, strings.NewReader(`{"propagationPolicy":"Background"}`))
	must(err)
	remove.Header.Set("Authorization", authorization)
	remove.Header.Set("Content-Type", "application/json")
	response, err := client.Do(remove)
	must(err)
	response.Body.Close()
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

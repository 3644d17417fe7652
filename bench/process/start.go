package main

import (
	"bytes"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	// How often both questions are asked: often enough to know it to 20 ms, seldom enough to be no load.
	pause    = 20 * time.Millisecond
	patience = 30 * time.Second
)

// What was seen of one start, in time since the start of the process.
type startTimes struct {
	ready, denied, cpu time.Duration
}

func start(flags *flag.FlagSet, arguments []string) {
	image := flags.String("image", "image/target/image/root", "the image's root folder")
	kind := flags.String("process", "webhook", "webhook or operator")
	runs := flags.Int("runs", 10, "how many starts")
	server := flags.String("server", "", "HOST:PORT of a real API server with the objects of bench/process/run; empty: the stand-in")
	token := flags.String("token", "", "file with a token for it")
	ca := flags.String("ca", "", "file with its authority")
	jvm := flags.String("jvm", "", "more flags for the JVM, separated by spaces; for a look at one start")
	keep := flags.String("keep", "", "where to copy the last log to")
	linger := flags.Duration("linger", 0, "how long to leave the process alone before it is ended")
	afterReady := flags.Bool("after-ready", false, "send the first review only when the process is ready, and say how long its answer took")
	threads := flags.Bool("threads", false, "print the CPU time of each kind of thread of the last start")
	size := sizes(flags, cluster{namespaces: 20, deployments: 20, revisions: 3, statefulSets: 5, jobs: 5, policies: 1})
	must(flags.Parse(arguments))
	root, err := filepath.Abs(*image)
	must(err)
	work := workFolder()
	defer os.RemoveAll(work)
	at := access{address: *server, token: *token, ca: *ca}
	if *server == "" {
		serving := newIdentity("gracekeeper-webhook")
		standIn := standIn(*size, serving, work)
		at = access{address: standIn.address, token: filepath.Join(work, "token"), ca: standIn.ca}
		must(os.WriteFile(at.token, []byte("bench"), 0o600))
	}
	fmt.Printf("%-8s %10s %10s %8s\n", *kind, "ready ms", "denied ms", "CPU ms")
	var all []startTimes
	var byThread string
	for range *runs + 1 {
		process := startProcess(root, *kind, work, at, strings.Fields(*jvm))
		seen := watchStart(process, *kind == "webhook", *afterReady)
		byThread = process.cpuByThread()
		time.Sleep(*linger)
		process.end()
		if len(all) == 0 && *runs > 1 && seen.ready != 0 && all == nil {
			all = []startTimes{} // The first one has read the files from the disk.
			continue
		}
		all = append(all, seen)
		fmt.Printf("%-8d %10d %10d %8d\n", len(all), seen.ready.Milliseconds(), seen.denied.Milliseconds(), seen.cpu.Milliseconds())
	}
	summary("median", all, func(sorted []time.Duration) time.Duration { return sorted[len(sorted)/2] })
	summary("least", all, func(sorted []time.Duration) time.Duration { return sorted[0] })
	summary("most", all, func(sorted []time.Duration) time.Duration { return sorted[len(sorted)-1] })
	if *threads {
		fmt.Print(byThread)
	}
	if *keep != "" {
		output, err := os.ReadFile(filepath.Join(work, *kind+".log"))
		must(err)
		must(os.WriteFile(*keep, output, 0o644))
	}
}

func summary(name string, of []startTimes, pick func([]time.Duration) time.Duration) {
	one := func(field func(startTimes) time.Duration) int64 {
		var values []time.Duration
		for _, times := range of {
			values = append(values, field(times))
		}
		slices.Sort(values)
		return pick(values).Milliseconds()
	}
	fmt.Printf("%-8s %10d %10d %8d\n", name, one(func(t startTimes) time.Duration { return t.ready }),
		one(func(t startTimes) time.Duration { return t.denied }), one(func(t startTimes) time.Duration { return t.cpu }))
}

// watchStart asks until both have been seen. A review is asked again after each answer that isn't the right one, over the connection
// that there is, as an API server would.
func watchStart(process *javaProcess, reviews, afterReady bool) startTimes {
	ready := make(chan time.Duration, 1)
	go func() {
		client := &http.Client{Timeout: patience}
		url := fmt.Sprintf("http://127.0.0.1:%d/readyz", process.management)
		ready <- until(process, "ready", func() bool {
			response, err := client.Get(url)
			if err != nil {
				return false
			}
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
			return response.StatusCode == http.StatusOK
		})
	}()
	var seen startTimes
	switch {
	case reviews && afterReady:
		seen.ready = <-ready
		sent := time.Since(process.started)
		seen.denied = until(process, "refusing", denial(process)) - sent
	case reviews:
		seen.denied = until(process, "refusing", denial(process))
		seen.ready = <-ready
	default:
		seen.ready = <-ready
	}
	seen.cpu = process.cpu()
	return seen
}

func until(process *javaProcess, what string, is func() bool) time.Duration {
	for time.Since(process.started) < patience {
		if is() {
			return time.Since(process.started)
		}
		time.Sleep(pause)
	}
	output, _ := os.ReadFile(process.log)
	log.Fatalf("the process is not %s after %s\n%s", what, patience, output)
	return 0
}

// denial sends a Deployment that breaks the policy, and tells whether it was refused for that.
func denial(process *javaProcess) func() bool {
	review := refusedReview()
	url := fmt.Sprintf("https://127.0.0.1:%d/validate/workloads?timeout=3s", process.https)
	client := &http.Client{Timeout: patience, Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, // Its name is that of a Service.
		ForceAttemptHTTP2: true,
	}}
	return func() bool {
		response, err := client.Post(url, "application/json", bytes.NewReader(review))
		if err != nil {
			return false
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		return err == nil && bytes.Contains(body, []byte(`"allowed":false`)) && bytes.Contains(body, []byte(`"code":422`)) &&
			bytes.Contains(body, []byte("terminationGracePeriodSeconds"))
	}
}

// The creation of a Deployment of 6.5 KB whose grace period is shorter than its hooks and the shutdown.
func refusedReview() []byte {
	object := cluster{namespaces: 1}.deployment(0)
	object = strings.ReplaceAll(object, `terminationGracePeriodSeconds":45`, `terminationGracePeriodSeconds":20`)
	object = strings.ReplaceAll(object, `terminationGracePeriodSeconds\":45`, `terminationGracePeriodSeconds\":20`)
	return []byte(`{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"6f6c6a0e-0f4d-4a3c-9a77-0a1a2b3c4d5e",` +
		`"kind":{"group":"apps","version":"v1","kind":"Deployment"},"resource":{"group":"apps","version":"v1","resource":"deployments"},` +
		`"requestKind":{"group":"apps","version":"v1","kind":"Deployment"},"requestResource":{"group":"apps","version":"v1","resource":"deployments"},` +
		`"name":"app-0","namespace":"` + shop + `","operation":"CREATE","userInfo":{"username":"jane","groups":["system:authenticated"]},` +
		`"object":` + object + `,"oldObject":null,"dryRun":false,"options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}}}`)
}

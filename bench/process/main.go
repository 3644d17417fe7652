// Measures one process of the image, started as a pod starts it: with the image's own Java, flags, class path and cache. Its API
// server is a stand-in within this program (apiserver.go), which costs next to nothing, or a real one.
//
//	start  how long from the start of the process until /readyz says 200, and until the webhook refuses what must be refused
//	heap   what the webhook keeps of a large cluster in memory
//	serve  the stand-in alone, for a look at it
//
// Run by bench/run start and bench/run heap.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	if len(os.Args) < 2 {
		log.Fatal("usage: process start|heap|serve [flags]")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	switch os.Args[1] {
	case "start":
		start(flags, os.Args[2:])
	case "heap":
		heap(flags, os.Args[2:])
	case "serve":
		serve(flags, os.Args[2:])
	default:
		log.Fatalf("unknown command %q", os.Args[1])
	}
}

// sizes of the cluster that the stand-in shows.
func sizes(flags *flag.FlagSet, of cluster) *cluster {
	flags.IntVar(&of.namespaces, "namespaces", of.namespaces, "namespaces of the stand-in")
	flags.IntVar(&of.deployments, "deployments", of.deployments, "Deployments")
	flags.IntVar(&of.revisions, "revisions", of.revisions, "ReplicaSets of each Deployment")
	flags.IntVar(&of.statefulSets, "statefulsets", of.statefulSets, "StatefulSets, each with as many ControllerRevisions")
	flags.IntVar(&of.jobs, "jobs", of.jobs, "Jobs")
	flags.IntVar(&of.policies, "policies", of.policies, "policies of namespaces, one in each of the first ones")
	return &of
}

func serve(flags *flag.FlagSet, arguments []string) {
	size := sizes(flags, cluster{namespaces: 20, deployments: 20, revisions: 3, statefulSets: 5, jobs: 5, policies: 1})
	must(flags.Parse(arguments))
	work := workFolder()
	defer os.RemoveAll(work)
	server := standIn(*size, newIdentity("gracekeeper-webhook"), work)
	fmt.Println(server.address, server.ca)
	select {}
}

func workFolder() string {
	folder, err := os.MkdirTemp("", "gracekeeper-bench-")
	must(err)
	folder, err = filepath.Abs(folder)
	must(err)
	return folder
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

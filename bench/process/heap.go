package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// heap starts the webhook before a large cluster, waits until it watches everything, and says what lives in its heap after a full
// collection: the bytes, and the classes that hold the most of them. One of an empty cluster comes first, for comparison.
func heap(flags *flag.FlagSet, arguments []string) {
	image := flags.String("image", "image/target/image/root", "the image's root folder")
	jvm := flags.String("jvm", "", "more flags for the JVM, such as -Xmx128m; without them it has the share of the chart's memory limit")
	jcmd := flags.String("jcmd", "jcmd", "jcmd of the same Java version")
	classes := flags.Int("classes", 15, "how many classes to list")
	wait := flags.Duration("wait", 3*time.Minute, "how long the lists may take")
	size := sizes(flags, cluster{namespaces: 500, deployments: 10_000, revisions: 3, statefulSets: 500, jobs: 2000, policies: 20})
	must(flags.Parse(arguments))
	root, err := filepath.Abs(*image)
	must(err)
	empty := measureHeap(cluster{}, root, *jcmd, strings.Fields(*jvm), *wait)
	full := measureHeap(*size, root, *jcmd, strings.Fields(*jvm), *wait)
	fmt.Printf("%d namespaces, %d Deployments of %.1f kB, %d ReplicaSets, %d StatefulSets, %d ControllerRevisions, %d Jobs, %d policies\n",
		size.namespaces, size.deployments, float64(len(size.deployment(0)))/1000, size.deployments*size.revisions, size.statefulSets,
		size.statefulSets*size.revisions, size.jobs, size.policies)
	fmt.Printf("%-22s %10s %10s\n", "", "empty", "full")
	row := func(name string, of func(heapSeen) float64) {
		fmt.Printf("%-22s %10.1f %10.1f\n", name, of(empty), of(full))
	}
	row("live heap, MiB", func(h heapSeen) float64 { return mib(h.live) })
	row("resident, MiB", func(h heapSeen) float64 { return mib(h.resident) })
	row("all watched after, s", func(h heapSeen) float64 { return h.listed.Seconds() })
	fmt.Printf("largest classes:\n")
	for _, line := range full.classes[:min(*classes, len(full.classes))] {
		fmt.Println(line)
	}
}

type heapSeen struct {
	live, resident int
	listed         time.Duration
	classes        []string
}

func measureHeap(of cluster, image, jcmd string, jvm []string, wait time.Duration) heapSeen {
	work := workFolder()
	defer os.RemoveAll(work)
	server := standIn(of, newIdentity("gracekeeper-webhook"), work)
	at := access{address: server.address, token: filepath.Join(work, "token"), ca: server.ca}
	must(os.WriteFile(at.token, []byte("bench"), 0o600))
	process := startProcess(image, "webhook", work, at, jvm)
	go func() {
		if err := process.command.Wait(); err != nil && process.command.ProcessState.ExitCode() > 0 {
			output, _ := os.ReadFile(process.log)
			log.Fatalf("the process ended: %v\n%s", err, output)
		}
	}()
	for !server.watchesAll() {
		if time.Since(process.started) > wait {
			log.Fatalf("after %s it watches only %v", wait, server.watches())
		}
		time.Sleep(100 * time.Millisecond)
	}
	seen := heapSeen{listed: time.Since(process.started)}
	time.Sleep(time.Second) // What was listed last is still being taken in.
	pid := strconv.Itoa(process.command.Process.Pid)
	// The second one finds what the first one's finalizers and references have let go.
	for range 2 {
		histogram, err := exec.Command(jcmd, pid, "GC.class_histogram").Output()
		must(err)
		seen.classes, seen.live = readHistogram(histogram)
	}
	seen.resident = residentBytes(pid)
	process.command.Process.Kill()
	return seen
}

// readHistogram takes the classes and the sum: "   1:   1234   5678  name", and at the end "Total   1234   5678".
func readHistogram(histogram []byte) (classes []string, total int) {
	lines := bufio.NewScanner(bytes.NewReader(histogram))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) >= 4 && strings.HasSuffix(fields[0], ":") {
			classes = append(classes, lines.Text())
		}
		if len(fields) == 3 && fields[0] == "Total" {
			total, _ = strconv.Atoi(fields[2])
		}
	}
	return classes, total
}

func residentBytes(pid string) int {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	must(err)
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, err := strconv.Atoi(strings.Fields(after)[0])
	must(err)
	return kilobytes * 1024
}

func mib(bytes int) float64 {
	return float64(bytes) / (1 << 20)
}

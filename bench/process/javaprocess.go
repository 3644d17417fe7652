package main

import (
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Where a process finds its API server, as in a pod: an address, and files with a token and the server's authority.
type access struct {
	address, token, ca string
}

// A process of the image.
type javaProcess struct {
	command           *exec.Cmd
	started           time.Time
	https, management int
	log               string
}

var inImage = regexp.MustCompile(`(^|[=:\n])/app/`)

// startProcess starts a process of an image that is laid out in a folder. Only the paths in its flags are others.
func startProcess(image, kind, work string, server access, more []string) *javaProcess {
	flags, err := os.ReadFile(filepath.Join(image, "app", kind, "jvm.args"))
	must(err)
	arguments := filepath.Join(work, "jvm.args")
	must(os.WriteFile(arguments, inImage.ReplaceAll(flags, []byte("${1}"+image+"/app/")), 0o600))
	host, port, err := net.SplitHostPort(server.address)
	must(err)
	process := &javaProcess{https: freePort(), management: freePort(), log: filepath.Join(work, kind+".log")}
	log, err := os.Create(process.log)
	must(err)
	defer log.Close()
	// The memory limit of a pod of the chart, of which the heap is a share.
	all := append([]string{"@" + arguments, "-XX:MaxRAM=256m"}, more...)
	process.command = exec.Command(filepath.Join(image, "opt/java/bin/java"), append(all, "io.gracekeeper.image.Main", kind)...)
	process.command.Dir = filepath.Join(image, "app", kind)
	process.command.Stdout, process.command.Stderr = log, log
	process.command.Env = []string{
		"HOME=/",
		"KUBERNETES_SERVICE_HOST=" + host,
		"KUBERNETES_SERVICE_PORT=" + port,
		"KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN=" + server.token,
		"KUBERNETES_CERTS_CA_FILE=" + server.ca,
		"GRACEKEEPER_NAMESPACE=" + ourNamespace,
		"GRACEKEEPER_POD_NAME=bench",
		"GRACEKEEPER_HTTPS_PORT=" + strconv.Itoa(process.https),
		"GRACEKEEPER_MANAGEMENT_PORT=" + strconv.Itoa(process.management),
		"GRACEKEEPER_DRAIN_SECONDS=0",
	}
	process.started = time.Now()
	must(process.command.Start())
	return process
}

// end asks the process to stop, as the kubelet does, and waits.
func (p *javaProcess) end() {
	must(p.command.Process.Signal(syscall.SIGTERM))
	if err := p.command.Wait(); err != nil {
		output, _ := os.ReadFile(p.log)
		must(fmt.Errorf("the process ended: %w\n%s", err, output))
	}
}

// cpu is the user and system time that the process has taken so far.
func (p *javaProcess) cpu() time.Duration {
	_, taken := cpuOf(fmt.Sprintf("/proc/%d/stat", p.command.Process.Pid))
	return taken
}

// cpuByThread lists what each kind of thread has taken, the most first; those that have ended are not in it.
func (p *javaProcess) cpuByThread() string {
	stats, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.command.Process.Pid))
	must(err)
	taken := map[string]time.Duration{}
	for _, stat := range stats {
		name, cpu := cpuOf(stat)
		taken[strings.TrimRight(name, "-0123456789")] += cpu
	}
	names := slices.SortedFunc(maps.Keys(taken), func(a, b string) int { return int(taken[b] - taken[a]) })
	var lines strings.Builder
	for _, name := range names {
		fmt.Fprintf(&lines, "%8d ms  %s\n", taken[name].Milliseconds(), name)
	}
	return lines.String()
}

// cpuOf reads a stat file of proc_pid_stat(5): the name in parentheses, and fields 14 and 15, in hundredths of a second.
func cpuOf(file string) (string, time.Duration) {
	stat, err := os.ReadFile(file)
	if err != nil {
		return "", 0 // Ended in between.
	}
	line := string(stat)
	end := strings.LastIndexByte(line, ')')
	fields := strings.Fields(line[end+2:])
	user, err := strconv.Atoi(fields[11])
	must(err)
	system, err := strconv.Atoi(fields[12])
	must(err)
	return line[strings.IndexByte(line, '(')+1 : end], time.Duration(user+system) * 10 * time.Millisecond
}

func freePort() int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// Command mkimage writes an image of one layer as a docker-archive tar, from files and without a container engine.
//
//	mkimage -output busybox.tar -tag example.org/busybox:1 -user 65532 -env A=B -cmd /bin/sh /bin/busybox=/bin/busybox /bin/sh:busybox
//
// PATH=FILE puts a copy of FILE at PATH of the image (links are followed), PATH:TARGET a symbolic link. The same input gives the same
// bytes: times are zero and entries sorted.
package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
)

type options struct {
	output, tag, user string
	env, entrypoint   words
	cmd               words
}

// words is a flag that may be given several times.
type words []string

func (w *words) String() string { return strings.Join(*w, " ") }

func (w *words) Set(word string) error {
	*w = append(*w, word)
	return nil
}

func main() {
	var o options
	flag.StringVar(&o.output, "output", "", "the tar to write")
	flag.StringVar(&o.tag, "tag", "", "the image's name and tag")
	flag.StringVar(&o.user, "user", "", "who runs it, a number")
	flag.Var(&o.env, "env", "NAME=VALUE, may be repeated")
	flag.Var(&o.entrypoint, "entrypoint", "one word of it, may be repeated")
	flag.Var(&o.cmd, "cmd", "one word of it, may be repeated")
	flag.Parse()
	if o.output == "" || o.tag == "" || flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: mkimage -output TAR -tag NAME:TAG [-user N] [-env A=B] [-entrypoint WORD] [-cmd WORD] PATH=FILE|PATH:TARGET...")
		os.Exit(2)
	}
	if err := write(o, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "mkimage:", err)
		os.Exit(1)
	}
}

func write(o options, contents []string) error {
	layer, err := layerOf(contents)
	if err != nil {
		return err
	}
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config": map[string]any{
			"User":       o.user,
			"Env":        append([]string{"PATH=/usr/local/bin:/usr/bin:/bin"}, o.env...),
			"Entrypoint": o.entrypoint,
			"Cmd":        o.cmd,
		},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}},
	})
	if err != nil {
		return err
	}
	configName := fmt.Sprintf("%x.json", sha256.Sum256(config))
	manifest, err := json.Marshal([]map[string]any{{"Config": configName, "RepoTags": []string{o.tag}, "Layers": []string{"layer.tar"}}})
	if err != nil {
		return err
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, file := range []struct {
		name  string
		bytes []byte
	}{{"layer.tar", layer}, {configName, config}, {"manifest.json", manifest}} {
		if err := addFile(w, file.name, 0o644, file.bytes); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(o.output, archive.Bytes(), 0o644)
}

// layerOf makes the layer's tar: the folders first, each after its parent, then what is in them.
func layerOf(contents []string) ([]byte, error) {
	contents = slices.Sorted(slices.Values(contents))
	var layer bytes.Buffer
	w := tar.NewWriter(&layer)
	for _, folder := range foldersOf(contents) {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: folder + "/", Mode: 0o755}); err != nil {
			return nil, err
		}
	}
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: "tmp/", Mode: 0o1777}); err != nil {
		return nil, err
	}
	for _, content := range contents {
		if err := add(w, content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return layer.Bytes(), err
}

func foldersOf(contents []string) []string {
	var folders []string
	for _, content := range contents {
		name := content[:max(0, strings.IndexAny(content, "=:"))]
		for folder := path.Dir(strings.TrimPrefix(name, "/")); folder != "."; folder = path.Dir(folder) {
			folders = append(folders, folder)
		}
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}

func add(w *tar.Writer, content string) error {
	separator := strings.IndexAny(content, "=:")
	if separator < 1 || content[0] != '/' {
		return fmt.Errorf("%q is neither /PATH=FILE nor /PATH:TARGET", content)
	}
	name, source := content[1:separator], content[separator+1:]
	if content[separator] == ':' {
		return w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: source, Mode: 0o777})
	}
	file, err := os.Open(source)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New(source + " is not a file")
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	return addFile(w, name, int64(info.Mode().Perm()), data)
}

func addFile(w *tar.Writer, name string, mode int64, data []byte) error {
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(data))}); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

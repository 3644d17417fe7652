//go:build tools

// Package tools pins what is built here: go.mod has the versions, go.sum their checksums.
package tools

import (
	_ "helm.sh/helm/v3/cmd/helm"
)

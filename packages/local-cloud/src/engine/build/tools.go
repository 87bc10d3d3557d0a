//go:build tools

// Package engine pins the Pulumi CLI, for machines that can build it but not download it.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"

//go:build tools

// Package act pins the program that runs the workflows in a test.
package act

import _ "github.com/nektos/act"

package embedded

import (
	"errors"
	"fmt"
	"path/filepath"
)

// nodeHint is how Node.js, which brings npm, is usually installed.
func nodeHint(goos string) string {
	if goos == "darwin" {
		return "brew install node"
	}
	return "apt-get install npm"
}

// packageFor names the npm package of the engine for a platform.
func packageFor(goos, goarch string) (string, error) {
	if !Supported {
		return "", errNoEmbed
	}
	names := map[string]string{
		"linux/amd64": "linux-x64-gnu", "linux/arm64": "linux-arm64-gnu",
		"darwin/amd64": "darwin-x64", "darwin/arm64": "darwin-arm64",
	}
	name, ok := names[goos+"/"+goarch]
	if !ok {
		return "", fmt.Errorf("there is no embedded engine for %s/%s: use a server (profiles.yaml warehouse.type: clickhouse)", goos, goarch)
	}
	if goos == "linux" && !hasGlibc() {
		return "", errors.New("the embedded engine needs glibc, and this system has another C library (musl?): " +
			"use a glibc image such as debian, or a server (profiles.yaml warehouse.type: clickhouse)")
	}
	return "@chdb/lib-" + name, nil
}

// hasGlibc looks for glibc's loader where every distribution has it.
func hasGlibc() bool {
	for _, pattern := range []string{"/lib*/ld-linux*.so*", "/lib/*/ld-linux*.so*", "/usr/lib*/ld-linux*.so*"} {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return true
		}
	}
	return false
}

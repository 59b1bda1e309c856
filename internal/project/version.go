package project

import (
	"fmt"
	"strconv"
	"strings"
)

// Language is the version of dbt whose projects are read; require-dbt-version
// is held against it.
const Language = "1.11.0"

// versionWarnings tells of packages that ask for another dbt.
func (p *Project) versionWarnings() Problems {
	var warnings Problems
	for _, pkg := range p.Packages {
		for _, spec := range pkg.RequireVersion {
			if spec != "" && !satisfies(Language, spec) {
				warnings = append(warnings, Problem{
					Place:   Place{File: pkg.show(ProjectFile)},
					Message: fmt.Sprintf("package %s asks for dbt %s; tiendi reads projects as dbt %s does", pkg.Name, spec, Language),
				})
			}
		}
	}
	return warnings
}

// satisfies holds a version against one comparison: >=1.3.0, <2.0.0, 1.10.0.
// What it cannot read it lets pass.
func satisfies(version, spec string) bool {
	text := strings.TrimLeft(spec, "<>=! ")
	op := strings.TrimSpace(spec[:len(spec)-len(text)])
	order, ok := compareVersions(version, text)
	if !ok {
		return true
	}
	switch op {
	case ">=":
		return order >= 0
	case ">":
		return order > 0
	case "<=":
		return order <= 0
	case "<":
		return order < 0
	case "=", "==", "":
		return order == 0
	}
	return true
}

func compareVersions(a, b string) (int, bool) {
	x, y := strings.SplitN(a, ".", 3), strings.SplitN(b, ".", 3)
	for i := range x {
		if i >= len(y) {
			return 0, true
		}
		m, errA := strconv.Atoi(x[i])
		n, errB := strconv.Atoi(leadingDigits(y[i]))
		if errA != nil || errB != nil {
			return 0, false
		}
		if m != n {
			return m - n, true
		}
	}
	return 0, true
}

// leadingDigits leaves out what marks a version before its release: 0rc1.
func leadingDigits(s string) string {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	return s[:end]
}

package compile

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// environment is what all templates of a project share. It is read only once
// parsing is done.
type environment struct {
	options Options
	project *project.Project
	macros  *macroSet
	docs    map[string]*Doc           // by unique id
	vars    map[string]map[string]any // by package, --vars included
	lookup  *lookup                   // refs and sources; nil while nodes are parsed
	man     *Manifest

	namings map[string]naming // by package
	// plainContext says that ref, source and config are dbt's own, so that
	// templates which only call these need no rendering.
	plainContext bool
}

func newEnvironment(o Options) (*environment, project.Problems) {
	p := o.Project
	e := &environment{options: o, project: p, docs: map[string]*Doc{}, vars: map[string]map[string]any{}}
	e.macros = newMacroSet(p.Root().Name, p.Root().Dispatch)
	for _, pkg := range p.Packages {
		e.vars[pkg.Name] = o.varsOver(p.VarsFor(pkg.Name))
	}
	problems := e.readMacros()
	e.namings = map[string]naming{}
	e.plainContext = true
	for _, pkg := range p.Packages {
		e.namings[pkg.Name] = e.naming(pkg.Name)
		for _, name := range plainCalls {
			e.plainContext = e.plainContext && e.macros.find(pkg.Name, name) == nil
		}
	}
	return e, problems
}

// varsOver gives vars with those of the command line on top.
func (o Options) varsOver(vars map[string]any) map[string]any {
	merged := make(map[string]any, len(vars)+len(o.Vars))
	for k, v := range vars {
		merged[k] = v
	}
	for k, v := range o.Vars {
		merged[k] = v
	}
	return merged
}

// readMacros parses the files of macros and of docs, in parallel.
func (e *environment) readMacros() project.Problems {
	own, err := builtinMacros()
	if err != nil {
		return project.Problems{{Message: err.Error()}}
	}
	var problems project.Problems
	add := func(macros []*macroDef) {
		for _, m := range macros {
			m := *m // the builtin ones serve several projects
			macro := *m.Macro
			m.Macro = &macro
			if p := e.macros.add(&m); p != nil {
				problems = append(problems, *p)
			}
		}
	}
	add(own)
	files, docs := e.project.Macros, e.project.Docs
	parsed := make([]parsedFile, len(files)+len(docs))
	inParallel(e.options.workers(), len(parsed), func(i int) {
		if i < len(files) {
			parsed[i] = macrosInFile(files[i])
		} else {
			parsed[i] = docsInFile(docs[i-len(files)])
		}
	})
	for _, f := range parsed {
		if f.problem != nil {
			problems = append(problems, *f.problem)
			continue
		}
		add(f.macros)
		problems = append(problems, e.addDocs(f.docs)...)
	}
	e.macros.link()
	return problems
}

func (e *environment) addDocs(docs []*Doc) project.Problems {
	var problems project.Problems
	for _, d := range docs {
		if first := e.docs[d.UniqueID]; first != nil {
			problems = append(problems, project.Problem{
				Place:   project.Place{File: d.Path},
				Message: fmt.Sprintf("the docs block %s is written twice, first in %s", d.Name, first.Path),
			})
			continue
		}
		e.docs[d.UniqueID] = d
	}
	return problems
}

// inParallel calls work for 0 ≤ i < n from as many goroutines as there are
// workers, a few calls at a time.
func inParallel(workers, n int, work func(i int)) {
	const batch = 16
	eachInParallel(workers, (n+batch-1)/batch, func(b int) {
		for i := b * batch; i < min(n, (b+1)*batch); i++ {
			work(i)
		}
	})
}

func eachInParallel(workers, n int, work func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(max(1, workers), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	wg.Wait()
}

// render options of the engine while parsing and while compiling.
func (e *environment) renderOptions(lenient bool) jinja.Options {
	return jinja.Options{Lenient: lenient}
}

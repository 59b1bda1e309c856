package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCollected runs the collector of the script's project for as long as it
// takes to send files to it, and prints the answers: collected KEY PATH FILE…
func scriptCollected(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: collected KEY PATH FILE…")
	}
	cmd := exec.Command("tiendi", "collect", "--listen", "127.0.0.1:0", "--spool", ts.MkAbs("spool"))
	cmd.Dir, cmd.Env = ts.MkAbs("."), os.Environ()
	for _, name := range []string{"HOME", "TIENDI_STATE_DIR", "TIENDI_ENGINE_LIBRARY", "TIENDI_WAREHOUSE_DATABASE"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	defer func() { _ = cmd.Process.Kill() }()
	said, url := "", ""
	for lines := bufio.NewScanner(stderr); url == "" && lines.Scan(); {
		said += lines.Text() + "\n"
		url = regexp.MustCompile(`http://[0-9.:]+`).FindString(lines.Text())
	}
	if url == "" {
		ts.Fatalf("the collector does not say where it listens: %s", said)
	}
	for _, file := range args[2:] {
		answer, err := sendTo(url+args[1], args[0], ts.ReadFile(file))
		ts.Check(err)
		_, err = io.WriteString(ts.Stdout(), answer)
		ts.Check(err)
	}
	ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	_, _ = io.Copy(io.Discard, stderr)
	ts.Check(cmd.Wait())
}

func sendTo(url, key, body string) (answer string, err error) {
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return fmt.Sprintf("%d %s", response.StatusCode, text), err
}

package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	amqp "github.com/rabbitmq/amqp091-go"
)

const naiveQueue = "naive"

// naivePrefetch keeps the broker from pushing all it has into the client's memory.
const naivePrefetch = 64

// naiveChannel opens the queue that both processes use.
func naiveChannel(url string) (*amqp.Channel, error) {
	conn, err := amqp.Dial(url)
	if err != nil {
		return nil, err
	}
	channel, err := conn.Channel()
	if err != nil {
		return nil, err
	}
	_, err = channel.QueueDeclare(naiveQueue, true, false, false, false, nil)
	return channel, err
}

// naiveCollect answers requests and passes them on, if they are JSON.
func naiveCollect(s *naiveSettings) error {
	channel, err := naiveChannel(s.Broker)
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- fmt.Errorf("the broker: %w", <-channel.NotifyClose(make(chan *amqp.Error, 1))) }()
	go func() { failed <- http.ListenAndServe(s.Listen, naiveHandler(channel)) }()
	return <-failed
}

func naiveHandler(channel *amqp.Channel) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var text bytes.Buffer
		text.Grow(int(max(r.ContentLength, 0)) + bytes.MinRead)
		if _, err := io.Copy(&text, r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		events := 0
		for line := range bytes.Lines(text.Bytes()) {
			if !json.Valid(line) {
				http.Error(w, "no JSON", http.StatusBadRequest)
				return
			}
			events++
		}
		message := amqp.Publishing{ContentType: "application/x-ndjson", Body: text.Bytes()}
		if err := channel.PublishWithContext(r.Context(), "", naiveQueue, false, false, message); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = fmt.Fprintf(w, `{"accepted":%d}`, events)
	}
}

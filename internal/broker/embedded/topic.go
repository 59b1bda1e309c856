package embedded

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/tiendi/tiendi/internal/broker"
)

// Metadata of a partition's stream.
const (
	metaLog        = "tiendi_log"        // the log's id
	metaPartitions = "tiendi_partitions" // how many the topic has
)

// streamName has no dots, which the server does not allow.
func streamName(topic string, partition int) string {
	return strings.ReplaceAll(topic, ".", "_") + "_" + strconv.Itoa(partition)
}

func subject(topic string, partition int) string {
	return topic + "." + strconv.Itoa(partition)
}

// Declare implements broker.Broker. The first partition is made last: once it is
// there, another one that is missing was removed.
func (b *Broker) Declare(ctx context.Context, t broker.Topic) error {
	if err := t.Validate(); err != nil {
		return err
	}
	for tries := 0; ; tries++ {
		err := b.declare(ctx, t)
		// Another process makes the same topic.
		if !errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) || tries == 10 {
			return err
		}
	}
}

func (b *Broker) declare(ctx context.Context, t broker.Topic) error {
	first, err := b.info(ctx, t.Name, 0)
	exists := err == nil
	if err != nil && !errors.Is(err, broker.ErrMissing) {
		return err
	}
	if exists && first.Config.Metadata[metaPartitions] != strconv.Itoa(t.Partitions) {
		return fmt.Errorf("topic %s has %s partitions, not %d: %w; use that number, or another topic",
			t.Name, first.Config.Metadata[metaPartitions], t.Partitions, broker.ErrPartitions)
	}
	for p := t.Partitions - 1; p >= 0; p-- {
		if err := b.declarePartition(ctx, t, p, exists); err != nil {
			return err
		}
	}
	return nil
}

func (b *Broker) declarePartition(ctx context.Context, t broker.Topic, p int, mustExist bool) error {
	config := streamConfig(t, p)
	info, err := b.info(ctx, t.Name, p)
	switch {
	case errors.Is(err, broker.ErrMissing) && !mustExist:
		ctx, cancel := within(ctx)
		defer cancel()
		_, err := b.js.CreateStream(ctx, config)
		return describe(err, t.Name, p)
	case err != nil:
		return err
	}
	if info.Config.MaxAge == config.MaxAge && info.Config.MaxBytes == config.MaxBytes {
		return nil
	}
	config.Metadata = info.Config.Metadata
	ctx, cancel := within(ctx)
	defer cancel()
	_, err = b.js.UpdateStream(ctx, config)
	return describe(err, t.Name, p)
}

func streamConfig(t broker.Topic, p int) jetstream.StreamConfig {
	bytes := t.Retention.Bytes
	if bytes == 0 {
		bytes = -1
	}
	return jetstream.StreamConfig{
		Name: streamName(t.Name, p), Subjects: []string{subject(t.Name, p)},
		Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardOld, Storage: jetstream.FileStorage,
		MaxAge: t.Retention.Age, MaxBytes: bytes, MaxMsgs: -1, Replicas: 1,
		DenyDelete: true,
		Metadata:   map[string]string{metaLog: uuid.NewString(), metaPartitions: strconv.Itoa(t.Partitions)},
	}
}

func (b *Broker) info(ctx context.Context, topic string, p int) (*jetstream.StreamInfo, error) {
	ctx, cancel := within(ctx)
	defer cancel()
	s, err := b.js.Stream(ctx, streamName(topic, p))
	if err != nil {
		return nil, describe(err, topic, p)
	}
	return s.CachedInfo(), nil
}

// Package rabbitmq is the driver for RabbitMQ from release 3.10 on, over AMQP 0.9.1.
//
// Each partition is a stream: a queue that keeps what was read. Its name ends with
// an id that the topic got when it was made, and a further stream, named as the
// topic is, says which. So a topic that was removed and made again has other logs,
// and a queue that is missing was removed.
//
// A message is confirmed when a quorum of the stream's replicas has it in the
// operating system's hands; RabbitMQ does not wait for the disk. Publishing is
// mandatory, since one to a missing queue is confirmed as well, but comes back. A
// message that came back, a confirmation that does not come and a broker that
// blocks its publishers are failures.
//
// A claim is an exclusive queue on the connection that also appends, and two
// records in the log: a bid, whose offset is the epoch, and the claim of that
// epoch. Offsets never repeat, so epochs do not, and what is still under way from a
// connection that died (a bid, a claim, batches) has a lower epoch wherever it lands.
package rabbitmq

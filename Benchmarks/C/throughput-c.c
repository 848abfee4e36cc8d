// The plainest C program on librabbitmq that publishes and consumes: what ours is measured against.
//
// Usage: throughput-c PORT COUNT plain                    neither confirms nor acknowledgements
//        throughput-c PORT COUNT confirmed [ACK-EVERY]    publishes with confirms, pipelined, and acknowledges each, or every so many
//
// Prints for publishing, then for consuming: messages a second, and its own processor time a message in µs.

#include "plain.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { body_size = 200, window = 1000, prefetch = 500, limit = 300 };

static amqp_connection_state_t connection;
static amqp_bytes_t queue;

// An answer of a host with as many applications as make it as long as it has to be.
static amqp_bytes_t body(void) {
  static char text[body_size + 1];
  const char *end = "\"],\"environment\":\"production\",\"fqdn\":\"web1.example\",\"type\":\"pong\"}";
  memset(text, 'x', body_size);
  memcpy(text, "{\"app_names\":[\"", strlen("{\"app_names\":[\""));
  memcpy(text + body_size - strlen(end), end, strlen(end));
  return (amqp_bytes_t){body_size, text};
}

static void publish(amqp_bytes_t body) {
  amqp_basic_properties_t properties = {
      ._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG,
      .content_type = amqp_cstring_bytes("application/json"),
      .delivery_mode = 1,
  };
  if (amqp_basic_publish(connection, 1, amqp_empty_bytes, queue, 1, 0, &properties, body) != AMQP_STATUS_OK)
    plain_die("publish");
}

// Reads one acknowledgement from the broker; gives the number up to which all is confirmed.
static uint64_t wait_for_confirm(void) {
  amqp_frame_t frame;
  amqp_maybe_release_buffers(connection);
  while (1) {
    if (amqp_simple_wait_frame(connection, &frame) != AMQP_STATUS_OK) plain_die("wait for a confirm");
    if (frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id == AMQP_BASIC_ACK_METHOD)
      return ((amqp_basic_ack_t *)frame.payload.method.decoded)->delivery_tag;
  }
}

// Returns when the broker has them all.
static void publish_all(uint64_t count, int confirmed) {
  amqp_bytes_t text = body();
  if (!confirmed) {
    for (uint64_t sent = 0; sent < count; sent++) publish(text);
    // What is replied to on the same channel has come behind all of them.
    amqp_queue_declare(connection, 1, queue, 1, 0, 0, 0, amqp_empty_table);
    plain_check(connection, "find the queue");
    return;
  }
  amqp_confirm_select(connection, 1);
  plain_check(connection, "select confirms");
  uint64_t done = 0;
  for (uint64_t sent = 0; sent < count;) {
    publish(text);
    sent++;
    while (sent - done >= window) done = wait_for_confirm();
  }
  while (done < count) done = wait_for_confirm();
}

// ack_every: 0 consumes without acknowledgements.
static void consume_all(uint64_t count, uint64_t ack_every) {
  plain_consume(connection, queue, ack_every ? prefetch : 0);
  for (uint64_t received = 1; received <= count; received++) {
    amqp_envelope_t envelope = plain_receive(connection);
    if (ack_every && (received % ack_every == 0 || received == count))
      amqp_basic_ack(connection, 1, envelope.delivery_tag, ack_every > 1);
    amqp_destroy_envelope(&envelope);
  }
}

int main(int argc, char **argv) {
  if (argc < 4) plain_die("read the arguments: throughput-c PORT COUNT plain|confirmed [ACK-EVERY]");
  plain_limit(limit);
  uint64_t count = strtoull(argv[2], NULL, 10);
  int confirmed = strcmp(argv[3], "confirmed") == 0;
  uint64_t ack_every = argc > 4 ? strtoull(argv[4], NULL, 10) : confirmed;
  connection = plain_connect(atoi(argv[1]));
  queue = plain_declare_queue(connection);

  double start = plain_now(), spent = plain_spent();
  publish_all(count, confirmed);
  printf("%.0f %.2f ", count / (plain_now() - start), (plain_spent() - spent) / count * 1e6);
  start = plain_now(), spent = plain_spent();
  consume_all(count, ack_every);
  printf("%.0f %.2f\n", count / (plain_now() - start), (plain_spent() - spent) / count * 1e6);
  amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(connection);
  return 0;
}

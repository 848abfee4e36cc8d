// The plainest C program on librabbitmq that publishes with confirms and consumes with acknowledgements: what ours is measured against.
//
// Usage: throughput-c PORT COUNT [ACK-EVERY]     prints: publish MSG/S, consume MSG/S

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { body_size = 200, window = 1000, prefetch = 500 };

static void die(const char *what) {
  fprintf(stderr, "throughput-c: %s\n", what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void check(amqp_connection_state_t connection, const char *what) {
  if (amqp_get_rpc_reply(connection).reply_type != AMQP_RESPONSE_NORMAL) die(what);
}

// Reads one acknowledgement from the broker; gives the number up to which all is confirmed.
static uint64_t wait_for_confirm(amqp_connection_state_t connection) {
  amqp_frame_t frame;
  amqp_maybe_release_buffers(connection);
  while (1) {
    if (amqp_simple_wait_frame(connection, &frame) != AMQP_STATUS_OK) die("waiting for a confirm");
    if (frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id == AMQP_BASIC_ACK_METHOD)
      return ((amqp_basic_ack_t *)frame.payload.method.decoded)->delivery_tag;
  }
}

int main(int argc, char **argv) {
  if (argc < 3) die("usage: throughput-c PORT COUNT [ACK-EVERY]");
  uint64_t count = strtoull(argv[2], NULL, 10);
  uint64_t ack_every = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;

  amqp_connection_state_t connection = amqp_new_connection();
  amqp_socket_t *socket = amqp_tcp_socket_new(connection);
  if (amqp_socket_open(socket, "127.0.0.1", atoi(argv[1])) != AMQP_STATUS_OK) die("connect");
  amqp_rpc_reply_t reply = amqp_login(connection, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest");
  if (reply.reply_type != AMQP_RESPONSE_NORMAL) die("log in");
  amqp_channel_open(connection, 1);
  check(connection, "open a channel");
  amqp_queue_declare_ok_t *declared =
      amqp_queue_declare(connection, 1, amqp_empty_bytes, 0, 0, 1, 1, amqp_empty_table);
  check(connection, "declare a queue");
  amqp_bytes_t queue = amqp_bytes_malloc_dup(declared->queue);
  amqp_confirm_select(connection, 1);
  check(connection, "select confirms");

  char text[body_size];
  memset(text, 'x', sizeof text);
  amqp_bytes_t body = {sizeof text, text};
  amqp_basic_properties_t properties = {0};
  properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG;
  properties.content_type = amqp_cstring_bytes("application/json");
  properties.delivery_mode = 1;

  double start = now();
  uint64_t confirmed = 0;
  for (uint64_t sent = 0; sent < count;) {
    if (amqp_basic_publish(connection, 1, amqp_empty_bytes, queue, 1, 0, &properties, body) != AMQP_STATUS_OK)
      die("publish");
    sent++;
    while (sent - confirmed >= window) confirmed = wait_for_confirm(connection);
  }
  while (confirmed < count) confirmed = wait_for_confirm(connection);
  double published = now();

  amqp_basic_qos(connection, 1, 0, prefetch, 0);
  amqp_basic_consume(connection, 1, queue, amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
  check(connection, "consume");
  double consuming = now();
  for (uint64_t received = 1; received <= count; received++) {
    amqp_envelope_t envelope;
    amqp_maybe_release_buffers(connection);
    if (amqp_consume_message(connection, &envelope, NULL, 0).reply_type != AMQP_RESPONSE_NORMAL) die("receive");
    if (received % ack_every == 0 || received == count)
      amqp_basic_ack(connection, 1, envelope.delivery_tag, ack_every > 1);
    amqp_destroy_envelope(&envelope);
  }
  printf("publish %.0f consume %.0f\n", count / (published - start), count / (now() - consuming));
  amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(connection);
  return 0;
}

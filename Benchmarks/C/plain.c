#define _GNU_SOURCE
#include "plain.h"

#include <amqp_tcp_socket.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void plain_limit(unsigned seconds) { alarm(seconds); }

void plain_die(const char *what) {
  fprintf(stderr, "%s: could not %s\n", program_invocation_short_name, what);
  exit(1);
}

amqp_connection_state_t plain_connect(int port) {
  amqp_connection_state_t connection = amqp_new_connection();
  amqp_socket_t *socket = amqp_tcp_socket_new(connection);
  if (amqp_socket_open(socket, "127.0.0.1", port) != AMQP_STATUS_OK) plain_die("connect");
  amqp_rpc_reply_t reply = amqp_login(connection, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest");
  if (reply.reply_type != AMQP_RESPONSE_NORMAL) plain_die("log in");
  amqp_channel_open(connection, 1);
  plain_check(connection, "open a channel");
  return connection;
}

void plain_check(amqp_connection_state_t connection, const char *what) {
  if (amqp_get_rpc_reply(connection).reply_type != AMQP_RESPONSE_NORMAL) plain_die(what);
}

void plain_declare_exchanges(amqp_connection_state_t connection) {
  const char *names[] = {"baton_ping_in", "baton_ping_out"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    amqp_exchange_declare(
        connection, 1, amqp_cstring_bytes(names[i]), amqp_cstring_bytes("direct"), 0, 0, 0, 0, amqp_empty_table);
    plain_check(connection, "declare an exchange");
  }
}

amqp_bytes_t plain_declare_queue(amqp_connection_state_t connection) {
  amqp_queue_declare_ok_t *declared =
      amqp_queue_declare(connection, 1, amqp_empty_bytes, 0, 0, 1, 1, amqp_empty_table);
  plain_check(connection, "declare a queue");
  return amqp_bytes_malloc_dup(declared->queue);
}

void plain_consume(amqp_connection_state_t connection, amqp_bytes_t queue, uint16_t prefetch) {
  if (prefetch > 0) amqp_basic_qos(connection, 1, 0, prefetch, 0);
  amqp_basic_consume(connection, 1, queue, amqp_empty_bytes, 0, prefetch == 0, 0, amqp_empty_table);
  plain_check(connection, "consume");
}

amqp_envelope_t plain_receive(amqp_connection_state_t connection) {
  amqp_envelope_t envelope;
  amqp_maybe_release_buffers(connection);
  if (amqp_consume_message(connection, &envelope, NULL, 0).reply_type != AMQP_RESPONSE_NORMAL) plain_die("receive");
  return envelope;
}

int plain_contains(amqp_bytes_t body, const char *text) {
  return memmem(body.bytes, body.len, text, strlen(text)) != NULL;
}

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

double plain_now(void) { return seconds(CLOCK_MONOTONIC); }

double plain_spent(void) { return seconds(CLOCK_PROCESS_CPUTIME_ID); }

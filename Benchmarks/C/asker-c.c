// Asks agents of whatever make for pongs: the same requester for all of them.
//
// Usage: asker-c PORT ENVIRONMENT trips COUNT    one after another     prints: p50, p99, and its own processor time a trip, in µs
//        asker-c PORT ENVIRONMENT flood COUNT    all published at once prints: answers a second
//        asker-c PORT ENVIRONMENT ask HOSTS      one, to so many hosts prints: ms from the request to the last answer

#include "plain.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Seconds that a run may take.
enum { limit = 300 };

static amqp_connection_state_t connection;
static amqp_bytes_t queue;
static const char *environment;

static void bind(amqp_bytes_t key) {
  amqp_queue_bind(connection, 1, queue, amqp_cstring_bytes("baton_ping_out"), key, amqp_empty_table);
  plain_check(connection, "bind");
}

static void request(unsigned number) {
  char id[16];
  snprintf(id, sizeof id, "%u", number);
  amqp_basic_properties_t properties = {
      ._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_CORRELATION_ID_FLAG |
                AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_REPLY_TO_FLAG,
      .content_type = amqp_cstring_bytes("application/json"),
      .delivery_mode = 1,
      .correlation_id = amqp_cstring_bytes(id),
      .message_id = amqp_cstring_bytes(id),
      .reply_to = queue,
  };
  if (amqp_basic_publish(
          connection, 1, amqp_cstring_bytes("baton_ping_in"), amqp_cstring_bytes(environment), 1, 0, &properties,
          amqp_cstring_bytes("{\"type\":\"ping\"}")) != AMQP_STATUS_OK)
    plain_die("publish");
}

// Waits for so many pongs; what else comes out is not counted.
static void receive(unsigned count) {
  while (count > 0) {
    amqp_envelope_t answer = plain_receive(connection);
    if (plain_contains(answer.message.body, "\"type\":\"pong\"")) count--;
    amqp_destroy_envelope(&answer);
  }
}

static int compare(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static void trips(unsigned count) {
  double *times = calloc(count, sizeof *times);
  if (!times) plain_die("remember the times");
  double spent = plain_spent();
  for (unsigned i = 0; i < count; i++) {
    double start = plain_now();
    request(i);
    receive(1);
    times[i] = plain_now() - start;
  }
  spent = plain_spent() - spent;
  qsort(times, count, sizeof *times, compare);
  printf("%.1f %.1f %.1f\n", times[count / 2] * 1e6, times[count * 99ul / 100] * 1e6, spent / count * 1e6);
  free(times);
}

static void flood(unsigned count) {
  double start = plain_now();
  for (unsigned i = 0; i < count; i++) request(i);
  receive(count);
  printf("%.0f\n", count / (plain_now() - start));
}

static void ask(unsigned hosts) {
  double start = plain_now();
  request(0);
  receive(hosts);
  printf("%.1f\n", (plain_now() - start) * 1000);
}

int main(int argc, char **argv) {
  if (argc != 5) plain_die("read the arguments: asker-c PORT ENVIRONMENT trips|flood|ask COUNT");
  plain_limit(limit);
  environment = argv[2];
  unsigned count = strtoul(argv[4], NULL, 10);
  if (count == 0) plain_die("ask for none");
  connection = plain_connect(atoi(argv[1]));
  plain_declare_exchanges(connection);
  queue = plain_declare_queue(connection);
  // Peers that know no CC are heard under the key of all answers.
  bind(queue);
  bind(amqp_empty_bytes);
  plain_consume(connection, queue, 0);
  if (strcmp(argv[3], "trips") == 0) trips(count);
  else if (strcmp(argv[3], "flood") == 0) flood(count);
  else if (strcmp(argv[3], "ask") == 0) ask(count);
  else plain_die("do that: it is none of trips, flood, ask");
  amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(connection);
  return 0;
}

// The plainest agent on librabbitmq that answers pings as baton-ping's does: what ours is measured against. It takes one request at a
// time, looks for `"type":"ping"` in it and for nothing else, and does not wait for confirms.
//
// Usage: agent-c PORT FQDN ENVIRONMENT [no-ack]     no-ack: as the Ruby gem does, which loses what it was sent when it dies

#include "plain.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { prefetch = 64 };

static amqp_connection_state_t connection;

// Publishes a pong to everybody who listens, and to the requester.
static void answer(const amqp_basic_properties_t *request, amqp_bytes_t body) {
  amqp_field_value_t copy = {.kind = AMQP_FIELD_KIND_UTF8, .value.bytes = request->reply_to};
  amqp_field_value_t copies = {.kind = AMQP_FIELD_KIND_ARRAY, .value.array = {.num_entries = 1, .entries = &copy}};
  amqp_table_entry_t header = {.key = amqp_cstring_bytes("CC"), .value = copies};
  amqp_basic_properties_t properties = {
      ._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG,
      .content_type = amqp_cstring_bytes("application/json"),
      .delivery_mode = 2,
  };
  if (request->_flags & AMQP_BASIC_CORRELATION_ID_FLAG) {
    properties._flags |= AMQP_BASIC_CORRELATION_ID_FLAG;
    properties.correlation_id = request->correlation_id;
  }
  if (request->_flags & AMQP_BASIC_REPLY_TO_FLAG) {
    properties._flags |= AMQP_BASIC_HEADERS_FLAG;
    properties.headers = (amqp_table_t){.num_entries = 1, .entries = &header};
  }
  amqp_bytes_t output = amqp_cstring_bytes("baton_ping_out");
  if (amqp_basic_publish(connection, 1, output, amqp_empty_bytes, 0, 0, &properties, body) != AMQP_STATUS_OK)
    plain_die("publish");
}

static void bind(amqp_bytes_t queue, const char *key) {
  amqp_queue_bind(
      connection, 1, queue, amqp_cstring_bytes("baton_ping_in"), amqp_cstring_bytes(key), amqp_empty_table);
  plain_check(connection, "bind");
}

int main(int argc, char **argv) {
  if (argc < 4) plain_die("read the arguments: agent-c PORT FQDN ENVIRONMENT [no-ack]");
  const char *fqdn = argv[2], *environment = argv[3];
  int acknowledges = argc < 5 || strcmp(argv[4], "no-ack") != 0;
  char key[512], pong[1024];
  snprintf(key, sizeof key, "%s.%s", environment, fqdn);
  snprintf(
      pong, sizeof pong, "{\"app_names\":[],\"environment\":\"%s\",\"fqdn\":\"%s\",\"type\":\"pong\"}", environment,
      fqdn);

  connection = plain_connect(atoi(argv[1]));
  plain_declare_exchanges(connection);
  amqp_bytes_t queue = plain_declare_queue(connection);
  bind(queue, environment);
  bind(queue, key);
  plain_consume(connection, queue, acknowledges ? prefetch : 0);
  fputs("Listening\n", stderr);
  while (1) {
    amqp_envelope_t request = plain_receive(connection);
    if (plain_contains(request.message.body, "\"type\":\"ping\""))
      answer(&request.message.properties, amqp_cstring_bytes(pong));
    if (acknowledges) amqp_basic_ack(connection, 1, request.delivery_tag, 0);
    amqp_destroy_envelope(&request);
  }
}

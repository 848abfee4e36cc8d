// What the C programs share: a connection with one channel, the clock, and the exchanges of baton-ping.

#ifndef PLAIN_H
#define PLAIN_H

#include <amqp.h>

// Ends the program when it takes longer than any measurement may.
void plain_limit(unsigned seconds);

// Says what went wrong, and ends the program.
void plain_die(const char *what) __attribute__((noreturn));

// Logs in on loopback, and opens channel 1.
amqp_connection_state_t plain_connect(int port);

// Ends the program unless the last call was answered well.
void plain_check(amqp_connection_state_t connection, const char *what);

// Has the exchanges of baton-ping there; not durable, as the Ruby gem declares them: baton takes both, the gem only its own.
void plain_declare_exchanges(amqp_connection_state_t connection);

// A queue of this connection alone, named by the broker.
amqp_bytes_t plain_declare_queue(amqp_connection_state_t connection);

// Starts a consumer on channel 1; without acknowledgements if the prefetch is 0.
void plain_consume(amqp_connection_state_t connection, amqp_bytes_t queue, uint16_t prefetch);

// The next delivery; to be destroyed with amqp_destroy_envelope.
amqp_envelope_t plain_receive(amqp_connection_state_t connection);

// Whether a body holds a text.
int plain_contains(amqp_bytes_t body, const char *text);

// Seconds of the monotonic clock.
double plain_now(void);

// Seconds of processor that this process has taken.
double plain_spent(void);

#endif

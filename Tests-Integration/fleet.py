#!/usr/bin/python3
"""Many hosts in one process, as the monitor hears them over RabbitMQ: they speak baton's messages, and are no services.

fleet.py answer ENVIRONMENT COUNT SILENT  say that they are up, and answer each ping until killed; as many of the first as the file
                                          SILENT says do not answer
fleet.py errors ENVIRONMENT COUNT RATE    say one error each, RATE a second, each confirmed; what a broken connection leaves in doubt
                                          is said again
fleet.py fill ENVIRONMENT COUNT HOSTS     COUNT answers to no ping of so many hosts in turn, as fast as the broker takes them
"""

import json
import os
import sys
import time

import pika

OUT = "baton_ping_out"


def connect():
    return pika.BlockingConnection(pika.URLParameters(os.environ["BROKER_URL"]))


def body(kind, environment, number, **members):
    sender = {"environment": environment, "fqdn": f"sim{number:05}.example", "app_names": ["shop"]}
    return json.dumps({"type": kind, **sender, **members}, separators=(",", ":")).encode()


def properties(correlation=None, persistent=True):
    return pika.BasicProperties(
        correlation_id=correlation, headers={"baton-version": "0.1.0"}, delivery_mode=2 if persistent else 1)


def answer(environment, count, silent):
    channel = connect().channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, "baton_ping_in", environment)
    bodies = [body("pong", environment, number) for number in range(int(count))]

    def pong(_, __, request, ___):
        with open(silent) as file:
            first = int(file.read())
        for pong in bodies[first:]:
            channel.basic_publish(OUT, "", pong, properties(request.correlation_id))

    for number in range(int(count)):
        channel.basic_publish(OUT, "", body("up", environment, number), properties())
    channel.basic_consume(queue, pong, auto_ack=True)
    print("listening", file=sys.stderr, flush=True)
    channel.start_consuming()


def errors(environment, count, rate):
    began, number, channel = time.monotonic(), 0, None
    while number < int(count):
        try:
            if channel is None:
                channel = connect().channel()
                channel.confirm_delivery()
            said = body("error", environment, number, error_class="Broken", error_message=f"number {number}")
            channel.basic_publish(OUT, "", said, properties())
            number += 1
        except pika.exceptions.AMQPError:
            channel = None
            time.sleep(0.2)
        time.sleep(max(0, began + number / float(rate) - time.monotonic()))


def fill(environment, count, hosts):
    channel = connect().channel()
    bodies = [body("pong", environment, number) for number in range(int(hosts))]
    for number in range(int(count)):
        channel.basic_publish(OUT, "", bodies[number % len(bodies)], properties(persistent=False))
    channel.close()


if __name__ == "__main__":
    {function.__name__: function for function in (answer, errors, fill)}[sys.argv[1]](*sys.argv[2:])

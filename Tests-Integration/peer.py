#!/usr/bin/python3
"""A foreign peer: speaks plain AMQP with pika, and knows nothing of baton.

peer.py listen EXCHANGE KEY...         binds a queue of its own and writes each message as a line of JSON, for ever
peer.py publish EXCHANGE KEY JSON      publishes standard input with the properties that the JSON object gives;
                                       "depth": N puts a header in that nests so deep; says "returned" if nobody has it
peer.py answer IN KEY OUT BODY...      answers each request with these bodies, to whom it asks to
peer.py declare EXCHANGE durable|transient
peer.py delete NAME...                 deletes the exchanges and the queues of these names
peer.py notify SOCKET                  receives what is said to a service manager, a datagram a line
"""

import json
import os
import socket
import sys

import pika


def connect():
    return pika.BlockingConnection(pika.URLParameters(os.environ["BROKER_URL"]))


def listen(exchange, *keys):
    channel = connect().channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    for key in keys:
        channel.queue_bind(queue, exchange, key)

    def write(_, method, properties, body):
        message = {name: value for name, value in vars(properties).items() if value is not None}
        message["routing_key"] = method.routing_key
        message["body"] = body.decode("utf-8", "backslashreplace")
        print(json.dumps(message, default=str), flush=True)

    channel.basic_consume(queue, write, auto_ack=True)
    print("listening", file=sys.stderr, flush=True)
    channel.start_consuming()


def publish(exchange, key, properties):
    properties = json.loads(properties)
    depth = properties.pop("depth", 0)
    if depth:
        sys.setrecursionlimit(10 * depth + 1000)
        nested = "the bottom"
        for _ in range(depth):
            nested = {"": nested}
        properties["headers"] = {"nested": nested}
    channel = connect().channel()
    channel.confirm_delivery()
    try:
        channel.basic_publish(
            exchange, key, sys.stdin.buffer.read(), pika.BasicProperties(**properties), mandatory=True)
    except pika.exceptions.UnroutableError:
        print("returned")


def answer(exchange, key, output, *bodies):
    channel = connect().channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, exchange, key)

    def reply(_, __, request, ___):
        properties = pika.BasicProperties(
            correlation_id=request.correlation_id, headers={"CC": [request.reply_to]} if request.reply_to else None)
        for body in bodies:
            channel.basic_publish(output, "", body.encode(), properties)

    channel.basic_consume(queue, reply, auto_ack=True)
    print("listening", file=sys.stderr, flush=True)
    channel.start_consuming()


def declare(exchange, kind):
    connect().channel().exchange_declare(exchange, "direct", durable=kind == "durable")


def delete(*names):
    channel = connect().channel()
    for name in names:
        channel.exchange_delete(name)
        channel.queue_delete(name)


def notify(path):
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind(path.replace("@", "\0") if path.startswith("@") else path)
    print("listening", file=sys.stderr, flush=True)
    while True:
        print(receiver.recv(4096).decode(), flush=True)


if __name__ == "__main__":
    try:
        {function.__name__: function for function in (listen, publish, answer, declare, delete, notify)}[
            sys.argv[1]](*sys.argv[2:])
    except KeyboardInterrupt:
        pass

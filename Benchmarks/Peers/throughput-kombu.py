"""The same as throughput-c, with kombu on py-amqp: throughput-kombu.py PORT COUNT plain|confirmed"""

import sys

from kombu import Connection, Consumer, Queue

from cost import PREFETCH, WINDOW, Cost, body


def publish(channel, producer, queue, count, confirmed):
    text, done = body(), 0
    if confirmed:
        channel.confirm_select()

        def acknowledged(tag, _):
            nonlocal done
            done = tag

        channel.events["basic_ack"].add(acknowledged)
    for number in range(1, count + 1):
        producer.publish(
            text, routing_key=queue, mandatory=True, delivery_mode=1, content_type="application/json", content_encoding="utf-8")
        while confirmed and number - done >= WINDOW:
            channel.connection.drain_events()
    while confirmed and done < count:
        channel.connection.drain_events()
    # What is replied to on the same channel has come behind all of them.
    channel.queue_declare(queue, passive=True)


def consume(connection, channel, queue, count, confirmed):
    received = 0

    def receive(message):
        nonlocal received
        received += 1
        if confirmed:
            message.ack()

    if confirmed:
        channel.basic_qos(0, PREFETCH, False)
    with Consumer(channel, [queue], on_message=receive, no_ack=not confirmed, auto_declare=False):
        while received < count:
            connection.drain_events()


def main(port, count, confirmed):
    with Connection(f"amqp://guest:guest@127.0.0.1:{port}//") as connection:
        channel = connection.channel()
        queue = Queue("", exclusive=True, auto_delete=True, durable=False)(channel)
        queue.queue_declare()
        cost = Cost(count)
        publish(channel, connection.Producer(channel), queue.name, count, confirmed)
        print(cost, end=" ")
        cost = Cost(count)
        consume(connection, channel, queue, count, confirmed)
        print(cost)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "confirmed")

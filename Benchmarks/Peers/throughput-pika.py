"""The same as throughput-c, with pika's fastest connection: throughput-pika.py PORT COUNT plain|confirmed"""

import sys

import pika

from cost import PREFETCH, WINDOW, Cost, body


class Throughput:
    """Goes from step to step as the broker answers."""

    def __init__(self, port, count, confirmed):
        self.count, self.confirmed = count, confirmed
        self.sent = self.done = self.received = 0
        self.body, self.properties = body(), pika.BasicProperties(content_type="application/json", delivery_mode=1)
        self.connection = pika.SelectConnection(
            pika.ConnectionParameters("127.0.0.1", port, heartbeat=0),
            on_open_callback=lambda connection: connection.channel(on_open_callback=self.opened))

    def opened(self, channel):
        self.channel = channel
        channel.queue_declare("", exclusive=True, auto_delete=True, callback=self.declared)

    def declared(self, frame):
        self.queue = frame.method.queue
        if self.confirmed:
            self.channel.confirm_delivery(self.acknowledged, callback=lambda _: self.begin())
        else:
            self.begin()

    def begin(self):
        self.cost = Cost(self.count)
        self.publish()

    def publish(self):
        """As many as may be under way; the loop has its turn in between."""
        upto = min(self.count, self.done + WINDOW if self.confirmed else self.sent + WINDOW)
        while self.sent < upto:
            self.channel.basic_publish("", self.queue, self.body, self.properties, mandatory=True)
            self.sent += 1
        if self.confirmed:
            return
        if self.sent < self.count:
            self.connection.ioloop.call_later(0, self.publish)
        else:
            # What is replied to on the same channel has come behind all of them.
            self.channel.queue_declare(self.queue, passive=True, callback=lambda _: self.published())

    def acknowledged(self, frame):
        self.done = frame.method.delivery_tag
        if self.done == self.count:
            self.published()
        else:
            self.publish()

    def published(self):
        print(self.cost, end=" ")
        if self.confirmed:
            self.channel.basic_qos(prefetch_count=PREFETCH, callback=lambda _: self.consume())
        else:
            self.consume()

    def consume(self):
        self.cost = Cost(self.count)
        self.channel.basic_consume(self.queue, self.receive, auto_ack=not self.confirmed)

    def receive(self, channel, method, _, __):
        self.received += 1
        if self.confirmed:
            channel.basic_ack(method.delivery_tag)
        if self.received == self.count:
            print(self.cost)
            self.connection.ioloop.stop()


if __name__ == "__main__":
    Throughput(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "confirmed").connection.ioloop.start()

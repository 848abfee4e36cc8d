"""What the measured programs in Python share: the message, and what a piece of work costs."""

import time

WINDOW = 1000
PREFETCH = 500


def body():
    """The 200 bytes that throughput-c sends."""
    start = b'{"app_names":["'
    end = b'"],"environment":"production","fqdn":"web1.example","type":"pong"}'
    return start + b"x" * (200 - len(start) - len(end)) + end


class Cost:
    """Of so many messages, begun now."""

    def __init__(self, count):
        self.count, self.start, self.spent = count, time.monotonic(), time.process_time()

    def __str__(self):
        """Messages a second, and processor time a message in microseconds."""
        rate = self.count / (time.monotonic() - self.start)
        return f"{rate:.0f} {(time.process_time() - self.spent) / self.count * 1e6:.2f}"

"""Has a worker of celery do so many tasks, and returns when it has: celery_flood.py COUNT"""

import sys
import time

from celery_app import app, ping


def main(count):
    with app.connection() as connection, app.amqp.Producer(connection) as producer:
        for _ in range(count):
            ping.apply_async(producer=producer)
        # The queue tells how many wait; a worker takes what it is about to do before, which are few.
        channel = connection.default_channel
        while channel.queue_declare("celery", passive=True).message_count > 0:
            time.sleep(0.1)


if __name__ == "__main__":
    main(int(sys.argv[1]))

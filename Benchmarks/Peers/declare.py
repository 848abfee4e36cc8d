"""Has exchanges there, as those want them that find no others good: declare.py PORT NAME TYPE durable|transient …"""

import sys

import pika


def main(port, *wanted):
    channel = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(port))).channel()
    for name, kind, life in zip(*[iter(wanted)] * 3):
        channel.exchange_declare(name, kind, durable=life == "durable")


if __name__ == "__main__":
    main(*sys.argv[1:])

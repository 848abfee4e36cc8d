"""An agent as one writes it with pika: agent-pika.py PORT FQDN ENVIRONMENT"""

import json
import sys

import pika


def main(port, fqdn, environment):
    channel = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(port))).channel()
    for name in ("baton_ping_in", "baton_ping_out"):
        channel.exchange_declare(name, "direct")
    queue = channel.queue_declare("", exclusive=True, auto_delete=True).method.queue
    for key in (environment, f"{environment}.{fqdn}"):
        channel.queue_bind(queue, "baton_ping_in", key)
    pong = {"environment": environment, "fqdn": fqdn, "app_names": [], "type": "pong"}

    def answer(_, method, request, body):
        if json.loads(body)["type"] == "ping":
            channel.basic_publish(
                "baton_ping_out", "", json.dumps(pong, separators=(",", ":")).encode(),
                pika.BasicProperties(
                    content_type="application/json", delivery_mode=2, correlation_id=request.correlation_id,
                    headers={"CC": [request.reply_to]}))
        channel.basic_ack(method.delivery_tag)

    channel.basic_qos(prefetch_count=64)
    channel.basic_consume(queue, answer)
    print("Listening", file=sys.stderr, flush=True)
    channel.start_consuming()


if __name__ == "__main__":
    main(*sys.argv[1:])

#!/usr/bin/python3
"""Many hosts in one process that deploy nothing: they answer as baton-deploy's agents do, at once.

deploy_fleet.py APP ENVIRONMENT COUNT FIRST    until killed; the time of the first deploy that any of them is told of, in seconds since 1970,
                                               is written to the file FIRST
"""

import json
import os
import sys
import time

import pika

APP, ENVIRONMENT, COUNT, FIRST = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
OUT, IN = "baton_deploy_out", "baton_deploy_in"
KEY = f"{APP}.{ENVIRONMENT}"
DURABLE = os.environ.get("BATON_RABBIT_DURABLE", "true") == "true"
HOSTS = [f"sim{number:05}.example" for number in range(COUNT)]
VERSIONS = dict.fromkeys(HOSTS, "1")


def say(channel, request, host, kind, **members):
    sender = {"environment": ENVIRONMENT, "fqdn": host, "app_names": [APP]}
    headers = {"baton-version": "0.1.0"}
    if request.reply_to:
        headers["CC"] = [request.reply_to]
    properties = pika.BasicProperties(correlation_id=request.correlation_id, headers=headers)
    channel.basic_publish(OUT, "", json.dumps({"type": kind, **sender, **members}).encode(), properties)


def handle(channel, delivery, request, body):
    asked = json.loads(body)
    host = delivery.routing_key[len(KEY) + 1:]
    for each in [host] if host in VERSIONS else HOSTS:
        if asked["type"] == "apps":
            say(channel, request, each, "app_list", apps=[APP])
        elif asked["type"] == "current":
            say(channel, request, each, "running", app=APP, version=VERSIONS[each], health="healthy", by="jo@laptop", since=1)
        elif asked["type"] == "deploy":
            if not os.path.exists(FIRST):
                with open(FIRST, "w") as file:
                    file.write(f"{time.time():.6f}\n")
            told = {"id": asked["id"], "app": APP}
            say(channel, request, each, "info", message="at it", step="fetch", state="begun", sequence=1, **told)
            before, VERSIONS[each] = VERSIONS[each], asked["version"]
            say(channel, request, each, "success", message="done", version=asked["version"], previous=before, duration_ms=5,
                sequence=2, **told)


channel = pika.BlockingConnection(pika.URLParameters(os.environ["BROKER_URL"])).channel()
for exchange in (IN, OUT):
    channel.exchange_declare(exchange, "direct", durable=DURABLE)
queue = channel.queue_declare("", exclusive=True).method.queue
for key in [ENVIRONMENT, KEY] + [f"{KEY}.{host}" for host in HOSTS]:
    channel.queue_bind(queue, IN, key)
channel.basic_consume(queue, handle, auto_ack=True)
print("listening", file=sys.stderr, flush=True)
channel.start_consuming()

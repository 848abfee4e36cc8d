"""What the workers of celery run: the broker is that of $CELERY_BROKER_URL."""

from celery import Celery

app = Celery("bench")
# What a worker does to be a good one of many workers would only cost it here.
app.conf.update(worker_hijack_root_logger=False, broker_connection_retry_on_startup=True, task_ignore_result=True)


@app.task
def ping():
    return "pong"

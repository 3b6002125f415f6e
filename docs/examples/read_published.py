"""Read article.published with plain redis-py, in a group of one's own: python read_published.py REDIS_URL GROUP."""

import json
import sys

import redis

TOPIC = "article.published"
url, group = sys.argv[1:3]
client = redis.Redis.from_url(url, decode_responses=True)
try:
    client.xgroup_create(TOPIC, group, id="0", mkstream=True)  # "0": from the oldest that is kept
except redis.ResponseError as error:
    if "BUSYGROUP" not in str(error):
        raise
start = "0"  # first what an earlier run was given and did not finish, then ">", what is new
while True:
    ((_, entries),) = client.xreadgroup(group, "reader-1", {TOPIC: start}, count=100, block=2000) or [(TOPIC, [])]
    if not entries:
        start = ">"
    for entry_id, event in entries:
        article = json.loads(event["data"])
        print(event["sequence"], event["subject"], event["storyrevision"], article["newsroom"]["change"], flush=True)
        client.xack(TOPIC, group, entry_id)

"""Calls a theater with nothing but its `.proto`: run in a folder of what protoc made of it."""

import json
import sys

import grpc
import theater_pb2 as told
import theater_pb2_grpc as made

address, token = sys.argv[1:]
metadata = [("authorization", f"Bearer {token}")]

with grpc.insecure_channel(address) as channel:
    theater = made.TheaterStub(channel)
    plays = theater.Plays(told.PlaysRequest(titles=["Hamlet", "Cats"]), metadata=metadata)
    hamlet = plays.value["Hamlet"]
    hamlet.title = "Hamlet II"
    hamlet.closes_at.FromJsonString("2027-01-01T00:00:00.5Z")
    hamlet.by_row["A"].items.add(row="A", number=7)
    hamlet.rows.add(items=["x", "y"])
    hamlet.warnings.items.append("ghosts")
    put_on = theater.PutOn(told.PutOnRequest(play=hamlet), metadata=metadata).value
    sold = theater.Sell(told.SellRequest(title="Hamlet", seats=[{"row": "B"}]), metadata=metadata)
    missed = theater.Find(told.FindRequest(title="Cats"), metadata=metadata)
    try:
        theater.Sell(told.SellRequest(title="Cats"), metadata=metadata)
    except grpc.RpcError as error:
        code, trailing = error.code().name, dict(error.trailing_metadata())

answer = {
    "plays": sorted(plays.value),
    "put_on": put_on.title,
    "sold": sold.value,
    "missed": missed.HasField("value"),
    "code": code,
    "error": json.loads(trailing["marquee-error-bin"]),
}
sys.stdout.write(json.dumps(answer))

"""A few lines that any Raft in Python can use to write a trace. `python3 trace.py > run.jsonl` writes a small one."""
import json, sys, threading, time


class Trace:
    def __init__(self, file, voters):
        self.file, self.lock, self.start = file, threading.Lock(), time.monotonic()
        file.write(json.dumps({"trace": "raft", "version": 1, "voters": voters}) + "\n")

    def event(self, node, type, **fields):
        with self.lock:
            at = (time.monotonic() - self.start) * 1000
            self.file.write(json.dumps({"node": node, "at": at, "type": type, **fields}) + "\n")


if __name__ == "__main__":
    trace = Trace(sys.stdout, ["A", "B", "C"])
    trace.event("A", "role", role="candidate", term=1)
    trace.event("A", "vote", term=1, candidate="A")
    trace.event("A", "sent", message={"id": "1", "to": "B", "type": "RequestVote", "term": 1})
    trace.event("B", "delivered", message={"id": "1", "from": "A", "type": "RequestVote", "term": 1})
    trace.event("B", "vote", term=1, candidate="A")
    trace.event("A", "role", role="leader", term=1)
    trace.event("A", "appended", index=1, term=1, text="x = 1")
    trace.event("B", "appended", index=1, term=1, text="x = 1")
    trace.event("A", "committed", index=1)

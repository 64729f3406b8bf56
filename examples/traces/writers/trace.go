// A few lines that any Raft in Go can use to write a trace. `go run trace.go > run.jsonl` writes a small one.
package main

import (
	"encoding/json"
	"io"
	"os"
	"sync"
	"time"
)

type F map[string]any

type Trace struct {
	mu    sync.Mutex
	out   *json.Encoder
	start time.Time
}

func NewTrace(w io.Writer, voters []string) *Trace {
	t := &Trace{out: json.NewEncoder(w), start: time.Now()}
	t.out.Encode(F{"trace": "raft", "version": 1, "voters": voters})
	return t
}

func (t *Trace) Event(node, kind string, fields F) {
	t.mu.Lock()
	defer t.mu.Unlock()
	event := F{"node": node, "type": kind, "at": float64(time.Since(t.start).Microseconds()) / 1000}
	for name, value := range fields {
		event[name] = value
	}
	t.out.Encode(event)
}

func main() {
	trace := NewTrace(os.Stdout, []string{"A", "B", "C"})
	trace.Event("A", "role", F{"role": "candidate", "term": 1})
	trace.Event("A", "vote", F{"term": 1, "candidate": "A"})
	trace.Event("A", "sent", F{"message": F{"id": "1", "to": "B", "type": "RequestVote", "term": 1}})
	trace.Event("B", "delivered", F{"message": F{"id": "1", "from": "A", "type": "RequestVote", "term": 1}})
	trace.Event("B", "vote", F{"term": 1, "candidate": "A"})
	trace.Event("A", "role", F{"role": "leader", "term": 1})
	trace.Event("A", "appended", F{"index": 1, "term": 1, "text": "x = 1"})
	trace.Event("B", "appended", F{"index": 1, "term": 1, "text": "x = 1"})
	trace.Event("A", "committed", F{"index": 1})
}

// One measurement of etcd's raft in a process of its own, as packages/core/bench/measure.mjs makes one of core: three
// RawNodes over MemoryStorage, messages by function call, payloads of 100 bytes of a shared slab.
//
//	main MODE COMPACT_EVERY COUNT MAX_INFLIGHT_MSGS
//
// MODE: sequential | inflight | batched | together. COMPACT_EVERY: so many applied entries, or 0 for a log that is kept.
// Prints JSON. Time is the processor's, of all threads, the garbage collector's among them; the clock's is told beside it.
package main

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	pb "go.etcd.io/etcd/raft/raftpb"
	"go.etcd.io/etcd/version"
)

const (
	payloadBytes = 100
	// Proposed and not yet committed, in all modes but the first.
	window        = 1000
	warmUpEntries = 100000
)

// As Node's Buffer.allocUnsafe does it, small payloads are cut from slabs: mostly cheaper than one allocation each. Of
// slabs of 1,000, 2,000 and 8,192 bytes these cost etcd the least.
const slabBytes = 2000

var slab []byte

func payload() []byte {
	if len(slab) < payloadBytes {
		slab = make([]byte, slabBytes)
	}
	data := slab[:payloadBytes:payloadBytes]
	slab = slab[payloadBytes:]
	return data
}

// A shorter log is measured as often as it takes to have measured so many entries: a second's work, or some.
var leastEntries = map[string]int{"sequential": 250000, "inflight": 1000000, "batched": 1000000, "together": 1000000}

var modes = map[string]func(c *cluster, count int){
	"sequential": func(c *cluster, count int) {
		for i := 0; i < count; i++ {
			check(c.leader.raw.Propose(payload()))
			c.leader.pump()
			c.settle()
		}
	},
	// Each is saved and sent on its own.
	"inflight": func(c *cluster, count int) {
		for proposed := 0; c.appliedEverywhere() < count; c.hop() {
			for ; c.hasRoom(proposed, count); proposed++ {
				check(c.leader.raw.Propose(payload()))
				c.leader.pump()
			}
		}
	},
	// Many calls, then one Ready.
	"batched": func(c *cluster, count int) {
		for proposed := 0; c.appliedEverywhere() < count; {
			for ; c.hasRoom(proposed, count); proposed++ {
				check(c.leader.raw.Propose(payload()))
			}
			c.leader.pump()
			c.hop()
			c.hop()
		}
	},
	// One call. raft copies the list, so that it can be used again.
	"together": func(c *cluster, count int) {
		entries := make([]pb.Entry, 0, window)
		for proposed := 0; c.appliedEverywhere() < count; {
			entries = entries[:0]
			for ; c.hasRoom(proposed, count); proposed++ {
				entries = append(entries, pb.Entry{Data: payload()})
			}
			if len(entries) > 0 {
				check(c.leader.raw.Step(pb.Message{Type: pb.MsgProp, From: 1, Entries: entries}))
			}
			c.leader.pump()
			c.hop()
			c.hop()
		}
	},
}

func main() {
	run := modes[os.Args[1]]
	compactEvery, count, maxInflightMsgs := uint64(number(os.Args[2])), number(os.Args[3]), number(os.Args[4])

	measure := func(count int) {
		c := newCluster(compactEvery, maxInflightMsgs)
		run(c, count)
		for _, n := range c.nodes {
			if n.applied != count+c.base || n.bytes != count*payloadBytes {
				log.Fatal("not applied everywhere")
			}
		}
	}
	measure(warmUpEntries)
	// Primed, as it is called there: the kernel's fresh pages cost a long log up to as much as all the rest.
	measure(count)
	runtime.GC()
	times := (leastEntries[os.Args[1]] + count/2) / count
	if times < 1 {
		times = 1
	}
	cpu, clock := cpuTime(), time.Now()
	for i := 0; i < times; i++ {
		measure(count)
	}
	entries := float64(times * count)
	perCPUSecond := entries / (cpuTime() - cpu).Seconds()
	perSecond := entries / time.Since(clock).Seconds()
	fmt.Printf("{\"entriesPerSecond\":%.0f,\"entriesPerClockSecond\":%.0f,\"etcd\":%q,\"go\":%q}\n",
		perCPUSecond, perSecond, version.Version, runtime.Version())
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

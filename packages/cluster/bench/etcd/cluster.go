// Nodes of etcd's raft in one process: messages are delivered by function call, storage is memory, entries are applied.
package main

import (
	"io/ioutil"
	"log"
	"math"

	"go.etcd.io/etcd/raft"
	pb "go.etcd.io/etcd/raft/raftpb"
)

const size = 3

type node struct {
	cluster *cluster
	raw     *raft.RawNode
	storage *raft.MemoryStorage
	applied int
	bytes   int
	// The index that has been compacted to.
	compacted uint64
	isDue     bool
}

func newNode(c *cluster, id uint64) *node {
	storage := raft.NewMemoryStorage()
	founding := pb.SnapshotMetadata{Index: 1, Term: 1, ConfState: pb.ConfState{Voters: []uint64{1, 2, 3}}}
	check(storage.ApplySnapshot(pb.Snapshot{Metadata: founding}))
	raw, err := raft.NewRawNode(&raft.Config{
		ID:              id,
		ElectionTick:    10,
		HeartbeatTick:   1,
		Storage:         storage,
		MaxSizePerMsg:   math.MaxUint64,
		MaxInflightMsgs: c.maxInflightMsgs,
		CheckQuorum:     true,
		PreVote:         true,
		Logger:          &raft.DefaultLogger{Logger: log.New(ioutil.Discard, "", 0)},
	})
	check(err)
	return &node{cluster: c, raw: raw, storage: storage, compacted: 1}
}

// As the manual of the package says: save, send, apply, advance.
func (n *node) pump() {
	for n.raw.HasReady() {
		ready := n.raw.Ready()
		if !raft.IsEmptyHardState(ready.HardState) {
			check(n.storage.SetHardState(ready.HardState))
		}
		check(n.storage.Append(ready.Entries))
		if len(ready.Messages) > 0 {
			n.cluster.queue = append(n.cluster.queue, ready.Messages)
		}
		for i := range ready.CommittedEntries {
			n.bytes += len(ready.CommittedEntries[i].Data)
		}
		n.applied += len(ready.CommittedEntries)
		n.raw.Advance(ready)
		if count := len(ready.CommittedEntries); count > 0 {
			n.compact(ready.CommittedEntries[count-1].Index)
		}
	}
}

func (n *node) compact(applied uint64) {
	every := n.cluster.compactEvery
	if every == 0 || applied-n.compacted < every {
		return
	}
	_, err := n.storage.CreateSnapshot(applied, nil, nil)
	check(err)
	check(n.storage.Compact(applied))
	n.compacted = applied
}

type cluster struct {
	nodes           [size]*node
	leader          *node
	maxInflightMsgs int
	compactEvery    uint64
	// What each Ready had to send, in order; the other is the one that was delivered last.
	queue, delivered [][]pb.Message
	// Applied at each node before the first proposal: the leader's own empty entry.
	base int
}

func newCluster(compactEvery uint64, maxInflightMsgs int) *cluster {
	c := &cluster{compactEvery: compactEvery, maxInflightMsgs: maxInflightMsgs}
	for i := range c.nodes {
		c.nodes[i] = newNode(c, uint64(i+1))
	}
	c.leader = c.nodes[0]
	check(c.leader.raw.Campaign())
	c.leader.pump()
	c.settle()
	c.base = c.leader.applied
	if c.base != 1 {
		log.Fatal("the first node does not lead")
	}
	return c
}

// Delivers what is under way now, not what that causes. What reaches a node together is stepped together.
func (c *cluster) hop() {
	due := c.queue
	c.queue = c.delivered[:0]
	for _, messages := range due {
		for i := range messages {
			if messages[i].Type == pb.MsgSnap {
				log.Fatal("a follower was left behind: that is another comparison")
			}
			to := c.nodes[messages[i].To-1]
			check(to.raw.Step(messages[i]))
			to.isDue = true
		}
	}
	for i := range due {
		due[i] = nil
	}
	c.delivered = due
	for _, n := range c.nodes {
		if n.isDue {
			n.isDue = false
			n.pump()
		}
	}
}

func (c *cluster) settle() {
	for len(c.queue) > 0 {
		c.hop()
	}
}

func (c *cluster) appliedEverywhere() int {
	least := math.MaxInt64
	for _, n := range c.nodes {
		if n.applied < least {
			least = n.applied
		}
	}
	return least - c.base
}

// An entry counts as under way until the leader has applied it.
func (c *cluster) hasRoom(proposed, count int) bool {
	return proposed < count && proposed+c.base-c.leader.applied < window
}

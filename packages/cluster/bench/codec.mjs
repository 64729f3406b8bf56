/** Measures the codec in a process of its own, and prints JSON: one object for each message, times in nanoseconds. */
import { initialConfiguration } from '@flotilla/core'
import { decodeFrame, encodeFrame } from '../dist/index.js'

const ROUNDS = 25
const BATCH_MS = 5
const WARM_UP_BATCHES = 20

const between = { from: 'S1', to: 'S2', term: 7 }
const messages = {
  'AppendEntries-0': appendEntries(0),
  'AppendEntries-1': appendEntries(1),
  'AppendEntries-64': appendEntries(64),
  AppendEntriesResult: {
    type: 'AppendEntriesResult',
    ...between,
    success: true,
    matchIndex: 123_456,
    round: 98_765,
  },
  RequestVote: {
    type: 'RequestVote',
    ...between,
    lastLogIndex: 123_456,
    lastLogTerm: 7,
    leadershipTransfer: false,
  },
  'InstallSnapshot-8KiB': {
    type: 'InstallSnapshot',
    ...between,
    lastIncludedIndex: 123_456,
    lastIncludedTerm: 7,
    configuration: initialConfiguration(['S1', 'S2', 'S3']),
    offset: 65_536,
    data: noise(8192),
    totalBytes: 1_000_000,
    round: 98_765,
  },
}

const subjects = Object.entries(messages).map(([name, message]) => subject(name, message))
// All kinds warm up before any is measured: a node meets them all, and V8 must not know only one of them.
for (const { tasks } of subjects) for (const task of Object.values(tasks)) task.times = warmUp(task.run)

// The tasks take turns, so that a busy machine slows all alike.
for (let round = 0; round < ROUNDS; round++) {
  for (const { tasks } of subjects) for (const task of Object.values(tasks)) task.measured.push(nanoseconds(task))
}
console.log(
  JSON.stringify(
    subjects.map(({ name, sizes, tasks }) => ({
      name,
      ...sizes,
      ...Object.fromEntries(Object.entries(tasks).map(([what, { measured }]) => [what, median(measured)])),
    })),
  ),
)

function subject(name, message) {
  const frame = { clusterId: '00112233445566778899aabbccddeeff', body: { kind: 'raft', sequence: 54_321, message } }
  const bytes = encodeFrame(frame).slice()
  const text = toJson(frame)
  if (JSON.stringify(decodeFrame(bytes, 'S1', 'S2').value) !== JSON.stringify(frame)) throw new Error(`${name} differs`)
  if (toJson(fromJson(text)) !== text) throw new Error(`${name} differs after JSON`)
  const tasks = {
    encode: task(() => encodeFrame(frame).byteLength),
    stringify: task(() => toJson(frame).length),
    decode: task(() => decodeFrame(bytes, 'S1', 'S2').value.body.sequence),
    parse: task(() => fromJson(text).body.sequence),
    clone: task(() => structuredClone(frame).body.sequence),
  }
  return { name, tasks, sizes: { payloadBytes: payloadBytes(message), bytes: bytes.length, jsonBytes: text.length } }
}

function task(run) {
  return { run, times: 0, measured: [] }
}

/** Returns how many runs make a batch. */
function warmUp(run) {
  let times = 0
  for (const until = performance.now() + WARM_UP_BATCHES * BATCH_MS; performance.now() < until; times++) run()
  return Math.max(1, Math.floor(times / WARM_UP_BATCHES))
}

function nanoseconds({ run, times }) {
  let used = 0
  const begun = process.hrtime.bigint()
  for (let i = 0; i < times; i++) used += run()
  const took = Number(process.hrtime.bigint() - begun)
  // Had nobody looked at the results, the work could have been left out.
  if (!(used > 0)) throw new Error('nothing was done')
  return took / times
}

function appendEntries(count) {
  const entry = i => ({ index: 123_457 + i, term: 7, kind: 'command', data: noise(100) })
  return {
    type: 'AppendEntries',
    ...between,
    prevLogIndex: 123_456,
    prevLogTerm: 7,
    entries: Array.from({ length: count }, (_, i) => entry(i)),
    leaderCommit: 123_400,
    round: 98_765,
  }
}

/** In a buffer of its own: structuredClone copies all that is around a view. */
function noise(length) {
  return Uint8Array.from({ length }, (_, i) => (i * 151 + 7) % 256)
}

function payloadBytes({ entries = [], data }) {
  return entries.reduce((sum, entry) => sum + entry.data.length, data?.length ?? 0)
}

/** Only what has a payload is rebuilt for it: the fastest that JSON can be made to go. */
function toJson(frame) {
  return JSON.stringify({ ...frame, body: { ...frame.body, message: withPayloads(frame.body.message, toBase64) } })
}

function fromJson(text) {
  const frame = JSON.parse(text)
  frame.body.message = withPayloads(frame.body.message, fromBase64)
  return frame
}

function withPayloads(message, convert) {
  switch (message.type) {
    case 'AppendEntries':
      return { ...message, entries: message.entries.map(entry => ({ ...entry, data: convert(entry.data) })) }
    case 'InstallSnapshot':
      return { ...message, data: convert(message.data) }
    default:
      return message
  }
}

function toBase64(data) {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
}

function fromBase64(text) {
  return Buffer.from(text, 'base64')
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

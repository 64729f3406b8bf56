export * from './api.ts'
export { type Election, type ElectionOptions, electLeader, type InCharge } from './elect-leader.ts'
export { jsonCodec } from './json-codec.ts'
export { summarizeMessage } from './links/trace.ts'
export * from './machine.ts'
export * from './members/autopilot.ts'
export * from './memory/memory-storage.ts'
export { type MemoryNetwork, type MemoryNetworkOptions, memoryNetwork } from './memory/memory-transport.ts'
export { createCluster, joinCluster, openCluster, removeStoredNode } from './node/open.ts'
export {
  type PageEvents,
  sayGoodbyeOnPageHide,
  type VisibilityEvents,
  yieldWhenHidden,
} from './node/page-lifecycle.ts'
export * from './storage.ts'
export * from './time/clock.ts'
export { type ManualClock, manualClock } from './time/manual-clock.ts'
export { type PacedClock, pacedClock } from './time/paced-clock.ts'
export { systemClock } from './time/system-clock.ts'
export { TimerQueue } from './time/timer-queue.ts'
export { type WorkerClock, workerClock } from './time/worker-clock.ts'
export * from './transport.ts'
export { decodeFrame, encodeFrame, WIRE_VERSION } from './wire/codec.ts'
export * from './wire/command.ts'
export { decodeConfiguration, encodeConfiguration } from './wire/configuration-codec.ts'
export { decodeEntry, encodeEntry } from './wire/entry-codec.ts'
export * from './wire/frame.ts'
export * from './wire/limits.ts'

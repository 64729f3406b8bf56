export * from './api.ts'
export * from './autopilot.ts'
export {
  type PageEvents,
  sayGoodbyeOnPageHide,
  type VisibilityEvents,
  yieldWhenHidden,
} from './browser/page-lifecycle.ts'
export { type WorkerClock, workerClock } from './browser/worker-clock.ts'
export * from './clock.ts'
export { type Election, type ElectionOptions, electLeader, type InCharge } from './elect-leader.ts'
export { jsonCodec } from './json-codec.ts'
export * from './machine.ts'
export { type ManualClock, manualClock } from './memory/manual-clock.ts'
export * from './memory/memory-storage.ts'
export { type MemoryNetwork, type MemoryNetworkOptions, memoryNetwork } from './memory/memory-transport.ts'
export { systemClock } from './memory/system-clock.ts'
export { createCluster, joinCluster, openCluster } from './open.ts'
export { type PacedClock, pacedClock } from './paced-clock.ts'
export * from './storage.ts'
export { TimerQueue } from './timer-queue.ts'
export { summarizeMessage } from './trace.ts'
export * from './transport.ts'
export { decodeFrame, encodeFrame, WIRE_VERSION } from './wire/codec.ts'
export * from './wire/command.ts'
export { decodeConfiguration, encodeConfiguration } from './wire/configuration-codec.ts'
export { decodeEntry, encodeEntry } from './wire/entry-codec.ts'
export * from './wire/frame.ts'
export * from './wire/limits.ts'

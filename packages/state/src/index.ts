export type { StateCommand } from './command.ts'
export {
  type AnyMachine,
  type Call,
  defineMachine,
  type MachineDefinition,
  type MachineOptions,
  type MigrationOptions,
  type Mutation,
  type Mutations,
} from './definition.ts'
export type { Failure, Failures, Leftovers } from './failures.ts'
export type { Happened } from './history.ts'
export { type Json, NotSerializable } from './json.ts'
export type { Change, Placed, Progress, Submission } from './pending.ts'
export { Presence, type PresenceLink, type PresenceOptions, type Present } from './presence.ts'
export { ReplicatedMachines } from './replicated-machines.ts'
export { nodeElsewhere, nodeHere, type RoomNode } from './room-node.ts'
export type { Mutate, SharedMachine } from './shared-machine.ts'
export { SharedState, type SharedStateOptions } from './shared-state.ts'
export type { RoomMember, SharedStatus } from './shared-status.ts'
export { type StateNode, stateOf } from './state-of.ts'
export { type StateProgram, stateProgram } from './state-program.ts'
export { adoptWaiting, throughOutbox } from './through-outbox.ts'
export type { Watchable } from './watchable.ts'

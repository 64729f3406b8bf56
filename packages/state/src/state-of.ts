/** Shared state on a node that runs off the page, in one call. */
import type { Client, Outbox } from '@flotilla/client'
import type { StateCommand } from './command.ts'
import type { ReplicatedMachines } from './replicated-machines.ts'
import { nodeElsewhere } from './room-node.ts'
import { SharedState, type SharedStateOptions } from './shared-state.ts'
import { adoptWaiting, throughOutbox } from './through-outbox.ts'

/** What `openNode` of `@flotilla/browser-node` gives, for a `stateProgram`. */
export interface StateNode {
  readonly client: Client<StateCommand, unknown>
  readonly machine: ReplicatedMachines
  readonly outbox: Outbox<StateCommand, unknown>
}

/** Changes are on this device's disk before they are `saved`; what an earlier page left there is shown again. Once for each node. */
export function stateOf(
  { client, machine, outbox }: StateNode,
  options: Omit<SharedStateOptions, 'machines' | 'node'> = {},
): SharedState {
  const node = { ...nodeElsewhere(client), submit: throughOutbox(outbox), leftovers: outbox }
  const state = new SharedState({ ...options, machines: machine, node })
  adoptWaiting(state, outbox)
  return state
}

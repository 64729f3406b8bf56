/**
 * What a store stands on until its room is there: shared state that is shared with nobody. What cannot be sent is refused there as it will be
 * in the room, and what was changed waits.
 */
import { type AnyMachine, ReplicatedMachines, type RoomNode, SharedState } from '@flotilla/state'

export function roomOfNobody(machine: AnyMachine): SharedState {
  return new SharedState({ machines: new ReplicatedMachines([machine]), node: nobody })
}

const never = new Promise<never>(() => undefined)
const stop = (): void => undefined

const nobody: RoomNode = {
  submit: () => ({ saved: never, committed: never }),
  read: () => never,
  onApplied: () => stop,
  status: () => undefined,
  isReachable: () => false,
  onStatus: () => stop,
  presence: { tell: () => undefined, onTold: () => stop, onGone: () => stop },
}

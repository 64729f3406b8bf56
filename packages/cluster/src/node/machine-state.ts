/** The state of an application's machine, as bytes and back. Whatever goes wrong in it is told apart from what goes wrong in a node. */
import { ClusterError } from '../api.ts'
import { isBytes } from '../bytes.ts'
import type { StateMachine } from '../machine.ts'
import { disown } from '../tell.ts'

/** The `cause`, if there is one, is what the machine threw. */
export class MachineError extends Error {
  override readonly name = 'MachineError'
}

type Stateful = Pick<StateMachine<never, never>, 'snapshot' | 'restore'>

/** @throws MachineError. */
export function machineSnapshot(machine: Pick<Stateful, 'snapshot'>): Uint8Array {
  let bytes: unknown
  try {
    bytes = machine.snapshot()
  } catch (cause) {
    throw new MachineError('the machine cannot give a snapshot', { cause })
  }
  if (!isBytes(bytes)) throw new MachineError('the snapshot of the machine is no Uint8Array')
  return bytes
}

/** What a digest is made of; `undefined` where the machine cannot be compared now. @throws MachineError. */
export function comparable(
  machine: Pick<StateMachine<never, never>, 'snapshot' | 'comparable'>,
): Uint8Array | undefined {
  if (machine.comparable === undefined) return machineSnapshot(machine)
  let bytes: unknown
  try {
    bytes = machine.comparable()
  } catch (cause) {
    throw new MachineError('the machine cannot say what it is to be compared by', { cause })
  }
  if (bytes !== undefined && !isBytes(bytes)) throw new MachineError('what the machine is compared by is no Uint8Array')
  return bytes
}

/** @throws MachineError. */
export function restoreMachine(machine: Stateful, snapshot: Uint8Array): void {
  let result: unknown
  try {
    // Bytes of its own: the machine may keep them and write on them.
    result = machine.restore(snapshot.slice())
  } catch (cause) {
    throw new MachineError('the machine cannot restore a snapshot', { cause })
  }
  if (disown(result)) throw new MachineError('restore gave a promise: it must be done when it returns')
}

/** What a machine is before any command. @throws ClusterError `MachineFailed`. */
export function firstState(machine: Stateful): Uint8Array {
  try {
    return machineSnapshot(machine).slice()
  } catch (cause) {
    throw new ClusterError('MachineFailed', 'the state machine cannot say what its first state is', { cause })
  }
}

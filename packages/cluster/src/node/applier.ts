/**
 * Applies committed entries to the session table and the machine, in the order of the log, each exactly once
 * (figure 2: "if commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to state machine").
 *
 * Everything here is deterministic: bytes that no honest node would propose are a no-op on every node alike.
 */
import type { CommandEntry, Entry, Snapshot } from '@flotilla/core'
import { isBytes } from '../bytes.ts'
import { type AppliedCommand, encodeRejected, encodeTaken } from '../clients/outcome.ts'
import { MAX_ANSWER_BYTES, MAX_SESSIONS, type RememberedAnswer, SessionTable } from '../clients/sessions.ts'
import type { StateMachine } from '../machine.ts'
import { disown } from '../tell.ts'
import { decodeEnvelope, type SessionCommand } from '../wire/command.ts'
import type { ProposeAnswer } from '../wire/frame.ts'
import { amended, firstHouseRules } from '../wire/house-rules.ts'
import { comparable, machineSnapshot, restoreMachine } from './machine-state.ts'
import { decodeNodeSnapshot, encodeNodeSnapshot } from './node-snapshot.ts'
import { stateDigest } from './state-digest.ts'

/** A longer result is refused, so that its answer fits into a frame. Bytes. */
export const MAX_RESULT_BYTES = 256 * 1024

const nothing = new Uint8Array()
/** Stands in a carrier's sessions for answers that it does not know. */
const carried = new Uint8Array()

export class Applier<Command, Result> {
  lastApplied = 0
  sessions: SessionTable
  rules = firstHouseRules
  readonly #machine: StateMachine<Command, Result>
  readonly #maxSessions: number

  /** Whether what commands come to is not known here. */
  get isCarrier(): boolean {
    return this.#machine.isCarrier === true
  }

  constructor(machine: StateMachine<Command, Result>, maxSessions: number = MAX_SESSIONS) {
    this.#machine = machine
    this.#maxSessions = maxSessions
    this.sessions = new SessionTable(new Map(), MAX_ANSWER_BYTES, maxSessions)
  }

  /** Gives what a command came to; `undefined` for entries that are Raft's own business. */
  apply(entry: Entry): AppliedCommand | undefined {
    this.lastApplied = entry.index
    return entry.kind === 'command' ? this.#applyCommand(entry) : undefined
  }

  /** Becomes exactly what the snapshot holds. @throws MachineError, SnapshotFormatError: then nothing changed. */
  restore(snapshot: Snapshot): void {
    const { rules, sessions, machine } = decodeNodeSnapshot(snapshot.data, this.#maxSessions)
    restoreMachine(this.#machine, machine)
    this.rules = rules
    this.sessions = sessions
    this.lastApplied = snapshot.index
  }

  /** Everything applied so far, as bytes. @throws MachineError if the machine cannot say. */
  snapshot(): Uint8Array {
    return encodeNodeSnapshot({ rules: this.rules, sessions: this.sessions, machine: machineSnapshot(this.#machine) })
  }

  /** What this state comes to, for comparison; `undefined` while it cannot be compared. */
  digest(): string | undefined {
    if (this.isCarrier) return undefined
    let machine: Uint8Array | undefined
    try {
      machine = comparable(this.#machine)
    } catch {
      // One that cannot say what its state is may be able to at the next digest.
      return undefined
    }
    return machine === undefined ? undefined : stateDigest({ rules: this.rules, sessions: this.sessions, machine })
  }

  #applyCommand(entry: CommandEntry): AppliedCommand {
    const { index, term } = entry
    const done = (result: Uint8Array): AppliedCommand => ({
      answer: { kind: 'applied', index, term, result },
      session: 0,
      sequence: 0,
    })
    const decoded = decodeEnvelope(entry.data)
    if (!decoded.ok) return done(encodeRejected(new Refusal('NoCommand', decoded.error.kind)))
    const envelope = decoded.value
    switch (envelope.kind) {
      case 'open':
        this.sessions.open(index)
        return done(encodeTaken(nothing))
      case 'expire':
        this.sessions.expire(envelope.sessions)
        return done(encodeTaken(nothing))
      case 'amend':
        this.rules = amended(this.rules, envelope.change)
        return done(encodeTaken(nothing))
      case 'command': {
        const { session, sequence } = envelope
        return { answer: this.#runOnce(envelope, entry), session, sequence }
      }
      default:
        return envelope satisfies never
    }
  }

  #runOnce(
    { session, sequence, firstUnanswered, inOrder, command }: SessionCommand,
    { index, term }: CommandEntry,
  ): ProposeAnswer {
    const verdict = this.sessions.begin(session, sequence, firstUnanswered, inOrder)
    switch (verdict.kind) {
      case 'early':
        // This copy has had no effect and never will; another may, when its time has come.
        return { kind: 'superseded' }
      case 'expired':
        return { kind: 'sessionExpired' }
      case 'stale':
        return { kind: 'unknown' }
      case 'duplicate':
        return answerOf(verdict.answer)
      case 'fresh': {
        const result = this.isCarrier ? carried : this.#run(command, index, term)
        this.sessions.remember(session, sequence, { index, term, result })
        return answerOf({ index, term, result })
      }
      default:
        return verdict satisfies never
    }
  }

  /** Whatever the machine throws, it throws on every node: the command is rejected everywhere. */
  #run(bytes: Uint8Array, index: number, term: number): Uint8Array {
    try {
      const machine = this.#machine
      // Bytes of its own: the machine may keep them and write on them, and these ones are the log's.
      const result = machine.apply(machine.command.decode(bytes.slice()), { index, term })
      if (disown(result))
        throw new Refusal('AsynchronousApply', 'apply gave a promise: it must be done when it returns')
      const encoded: unknown = machine.result.encode(result)
      if (!isBytes(encoded)) throw new Refusal('ResultNotBytes', 'the codec of results gives no Uint8Array')
      if (encoded.byteLength > MAX_RESULT_BYTES) {
        throw new Refusal('ResultTooLong', `the result is longer than ${MAX_RESULT_BYTES} bytes`)
      }
      return encodeTaken(encoded)
    } catch (error) {
      return encodeRejected(error)
    }
  }
}

/** A carrier knows where a command took effect, and not what it came to. */
function answerOf({ index, term, result }: RememberedAnswer): ProposeAnswer {
  return result === carried ? { kind: 'unknown', at: { index, term } } : { kind: 'applied', index, term, result }
}

/** Why a command is rejected whose `apply` did not throw. */
class Refusal extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

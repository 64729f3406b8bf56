/**
 * Sends what one line holds, in its order and each once, through whichever node and whichever leader there is.
 *
 * A command is bound to the session, durably, before it is sent in it: so it is known of each command, also after a crash, whether it
 * may have taken effect. When the session has ended meanwhile, those that were never sent go out in another one, and those that were
 * are told to be lost: the outbox neither sends them a second time nor drops them in silence.
 *
 * One change of the line is written at a time, and whatever came meanwhile is part of the next.
 */
import { type Cancel, type Clock, encodeEnvelope } from '@flotilla/cluster'
import type { FinalAnswer, RememberedAnswer } from '@flotilla/cluster/clients'
import type { HeldLine, KeptCommand, LineState, LostFromLine } from './store.ts'

/** Commands that are sent and not answered: far within a session's window. */
const WINDOW = 256
const WRITE_AGAIN_MS = 1_000

export interface LineHost {
  readonly clock: Clock
  /** See `Client.bring`. */
  bring(
    entry: Uint8Array,
    end: (answer: FinalAnswer, copies: number) => void,
    onReach?: (isElsewhere: boolean) => void,
  ): () => void
  /** What is sent now is likely to arrive. */
  hasLeader(): boolean
  /** Whose log it is; `undefined` while that is not known. */
  cluster(): string | undefined
  /** Some other node has it in its log, or that is no longer known. */
  reached(command: KeptCommand, isElsewhere: boolean): void
  /** What the machine refused a command with, which is kept until somebody has seen it; `undefined` if it took effect. */
  refusal(answer: RememberedAnswer): Uint8Array | undefined
  answered(command: KeptCommand, answer: RememberedAnswer): void
  /** It has taken effect, and what it gave cannot be had any more. */
  resultLost(command: KeptCommand): void
  /** It may have taken effect, or the machine has refused it; that is on the disk. */
  lost(command: LostFromLine): void
}

interface Submitted {
  readonly data: Uint8Array
  /** On the disk, as the command of this number. */
  readonly saved: (number: number) => void
  readonly refused: (error: unknown) => void
}

type Answer =
  | { readonly kind: 'applied'; readonly refusal: Uint8Array | undefined }
  | { readonly kind: 'expired'; readonly isCertain: boolean }

export class OutboxLine {
  readonly #line: HeldLine
  readonly #host: LineHost
  /** As it is on the disk. */
  #state: LineState
  readonly #commands = new Map<number, KeptCommand>()
  #last: number
  /** Not yet on the disk. */
  #submitted: Submitted[] = []
  /** By number: the way to stop trying. */
  readonly #sent = new Map<number, () => void>()
  /** Whatever was bound before this tab had the line may have been sent before. */
  readonly #foundUpTo: number
  readonly #answers = new Map<number, Answer>()
  /** A session that was opened and is not on the disk. */
  #opened = 0
  #opening: (() => void) | undefined
  /** What is being added to it, while it is written; `undefined` while nothing is. */
  #writing: readonly Submitted[] | undefined
  #underWay: Promise<void> = Promise.resolve()
  #cancelRetry: Cancel = () => {}
  #stopped = false

  constructor(line: HeldLine, host: LineHost) {
    this.#line = line
    this.#host = host
    this.#state = line.state
    for (const command of line.commands) this.#commands.set(command.number, command)
    this.#last = line.commands.at(-1)?.number ?? Math.max(line.state.doneUpTo, line.state.boundUpTo)
    this.#foundUpTo = Math.min(line.state.boundUpTo, line.state.doneUpTo + WINDOW)
  }

  get id(): string {
    return this.#line.id
  }

  /** On the disk and not known to have come to anything, in order. */
  get commands(): readonly KeptCommand[] {
    return [...this.#commands.values()].filter(({ number }) => this.#answers.get(number)?.kind !== 'applied')
  }

  /** It is known what each of its commands came to. */
  get isThrough(): boolean {
    for (const number of this.#commands.keys()) if (this.#answers.get(number)?.kind !== 'applied') return false
    return true
  }

  /** Nothing is left to do. */
  get isEmpty(): boolean {
    return this.size === 0
  }

  get size(): number {
    return this.#commands.size + (this.#writing?.length ?? 0) + this.#submitted.length
  }

  submit(submitted: Submitted): void {
    this.#submitted.push(submitted)
    this.pump()
  }

  /** Something may be possible now that was not before. */
  pump(): void {
    if (this.#stopped || this.#writing !== undefined) return
    const next = this.#nextChange()
    if (next !== undefined) {
      this.#underWay = this.#write(next)
      return
    }
    if (!this.#host.hasLeader()) return
    if (this.#state.session === 0) return this.#openSession()
    this.#send()
  }

  /**
   * Sends nothing any more. What was submitted gets onto the disk before others may have the line, so that whoever takes it finds all of it;
   * then this resolves.
   */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelRetry()
    this.#opening?.()
    for (const cancel of this.#sent.values()) cancel()
    this.#sent.clear()
    await this.#underWay
    if (this.#submitted.length > 0) await this.#write(this.#rest())
    this.#line.release()
  }

  // ---- On the disk --------------------------------------------------------------------------------------------------

  #added(): readonly KeptCommand[] {
    return this.#submitted.map(({ data }, i) => ({ number: this.#last + 1 + i, data }))
  }

  /** What is still to be saved when nothing is sent any more. */
  #rest(): Change {
    return { state: this.#state, added: this.#added(), lost: [], submitted: this.#submitted, isEnd: false }
  }

  #nextChange(): Change | undefined {
    const added = this.#added()
    const last = this.#last + added.length
    const isOnline = this.#host.hasLeader()
    const lost: LostFromLine[] = []
    let state = this.#state

    const answeredUpTo = this.#answeredUpTo()
    if (answeredUpTo > state.doneUpTo) state = { ...state, doneUpTo: answeredUpTo }
    const cluster = this.#host.cluster()
    // A session of another cluster may be anybody's in this one.
    const isElsewhere = state.session > 0 && cluster !== undefined && cluster !== state.cluster
    const isEnd = isElsewhere || (this.#hasEnded && this.#sent.size === 0)
    if (isEnd) {
      const lostUpTo = Math.max(answeredUpTo, this.#uncertainUpTo())
      const lastApplied = this.#lastApplied()
      for (const [number, command] of this.#commands)
        if (number > Math.max(answeredUpTo, lastApplied) && number <= lostUpTo) lost.push(command)
      state = { session: 0, cluster: '', base: lostUpTo, boundUpTo: lostUpTo, doneUpTo: lostUpTo }
    } else if (state.session === 0 && this.#opened > 0 && cluster !== undefined) {
      state = { ...state, session: this.#opened, cluster, base: state.boundUpTo }
    }
    for (const [number, command] of this.#commands) {
      if (number > state.doneUpTo) break
      const answer = this.#answers.get(number)
      if (answer?.kind === 'applied' && answer.refusal !== undefined) lost.push({ ...command, outcome: answer.refusal })
    }
    if (state.session > 0 && isOnline && last > state.boundUpTo) state = { ...state, boundUpTo: last }
    if (state === this.#state && added.length === 0) return undefined
    return { state, added, lost, submitted: this.#submitted, isEnd }
  }

  async #write({ state, added, lost, submitted, isEnd }: Change): Promise<void> {
    this.#writing = submitted
    this.#submitted = []
    try {
      await this.#line.write({ state, added, lost })
    } catch (error) {
      this.#writing = undefined
      for (const { refused } of submitted) refused(error)
      if (this.#stopped) return
      const { clock } = this.#host
      this.#cancelRetry()
      this.#cancelRetry = clock.setTimer(clock.now() + WRITE_AGAIN_MS, () => this.pump())
      return
    }
    this.#writing = undefined
    if (isEnd) {
      const lastApplied = this.#lastApplied()
      for (const command of this.commands) if (command.number < lastApplied) this.#host.resultLost(command)
      this.#forgetSession()
    }
    if (state.session > 0) this.#opened = 0
    this.#state = state
    for (const command of added) this.#commands.set(command.number, command)
    this.#last += added.length
    for (const number of this.#commands.keys()) {
      if (number > state.doneUpTo) break
      this.#commands.delete(number)
      this.#answers.delete(number)
    }
    for (const [i, { saved }] of submitted.entries()) saved(added[i]?.number ?? 0)
    for (const command of lost) this.#host.lost(command)
    this.pump()
  }

  #answeredUpTo(): number {
    let upTo = this.#state.doneUpTo
    while (this.#answers.get(upTo + 1)?.kind === 'applied') upTo += 1
    return upTo
  }

  /** Whatever is before it has been applied too, whether or not somebody said so. */
  #lastApplied(): number {
    let last = 0
    for (const [number, { kind }] of this.#answers) if (kind === 'applied' && number > last) last = number
    return last
  }

  /** In order: where one has certainly had no effect, none after it has. */
  #uncertainUpTo(): number {
    let last = Math.max(this.#foundUpTo, ...this.#sent.keys())
    for (const [number, answer] of [...this.#answers].sort(([a], [b]) => a - b)) {
      if (answer.kind === 'expired' && answer.isCertain) return number - 1
      last = Math.max(last, number)
    }
    return last
  }

  /** Nothing more is sent in a session that has ended, and what was sent in it has its answers one by one. */
  get #hasEnded(): boolean {
    for (const { kind } of this.#answers.values()) if (kind === 'expired') return true
    return false
  }

  #forgetSession(): void {
    for (const cancel of this.#sent.values()) cancel()
    this.#sent.clear()
    this.#answers.clear()
  }

  // ---- To the log ---------------------------------------------------------------------------------------------------

  #openSession(): void {
    if (this.#opening !== undefined || this.#opened > 0 || this.#commands.size === 0) return
    this.#opening = this.#host.bring(encodeEnvelope({ kind: 'open' }), answer => {
      this.#opening = undefined
      // A session has the index of the entry that opened it for its name.
      if (answer.kind === 'applied') this.#opened = answer.index
      this.pump()
    })
  }

  #send(): void {
    const { session, base, boundUpTo, doneUpTo } = this.#state
    if (this.#hasEnded || this.#host.cluster() !== this.#state.cluster) return
    for (const [number, command] of this.#commands) {
      if (number > boundUpTo || number > doneUpTo + WINDOW) return
      if (this.#sent.has(number) || this.#answers.has(number)) continue
      const entry = encodeEnvelope({
        kind: 'command',
        session,
        sequence: number - base,
        // Only what this line will never ask for again, after a crash neither.
        firstUnanswered: doneUpTo + 1 - base,
        inOrder: true,
        command: command.data,
      })
      this.#sent.set(
        number,
        this.#host.bring(
          entry,
          (answer, copies) => this.#answered(command, session, answer, copies),
          isElsewhere => this.#host.reached(command, isElsewhere),
        ),
      )
    }
  }

  #answered(command: KeptCommand, session: number, answer: FinalAnswer, copies: number): void {
    const { number } = command
    if (this.#stopped || session !== this.#state.session || !this.#sent.delete(number)) return
    if (answer.kind === 'applied') {
      // Before anybody is told, who may pump the line: what has its answer is not sent again.
      this.#answers.set(number, { kind: 'applied', refusal: this.#host.refusal(answer) })
      this.#host.answered(command, answer)
    } else {
      this.#answers.set(number, { kind: 'expired', isCertain: copies === 1 && number > this.#foundUpTo })
    }
    this.pump()
  }
}

interface Change {
  readonly state: LineState
  readonly added: readonly KeptCommand[]
  readonly lost: readonly LostFromLine[]
  readonly submitted: readonly Submitted[]
  /** Of the session. */
  readonly isEnd: boolean
}

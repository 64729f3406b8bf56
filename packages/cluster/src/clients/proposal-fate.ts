/** Tells an application how far one of its commands has come: each stage once, in order, and the last one for good. */
import type { AbandonReason, ProposalFate } from '../api.ts'
import { tell } from '../tell.ts'
import type { RequestProgress } from './requests.ts'

export class FateTeller {
  readonly #listener: (fate: ProposalFate) => void
  #place: { readonly index: number; readonly term: number } | undefined = undefined
  #stage: ProposalFate['kind'] = 'queued'

  constructor(listener: (fate: ProposalFate) => void) {
    this.#listener = listener
    this.#tell({ kind: 'queued' })
  }

  /** It stands in this node's log. Told again when it comes to stand in another place, because the first was lost. */
  appended(index: number, term: number): void {
    if (this.#isOver || this.#stage === 'committed') return
    const told = this.#place?.index === index && this.#place.term === term && this.#stage === 'appended'
    this.#place = { index, term }
    if (!told) this.#tell({ kind: 'appended', index, term })
  }

  /** The log from here on is another one: where the command stood says nothing any more. */
  forgetFrom(index: number): void {
    if (this.#place !== undefined && this.#place.index >= index) this.#place = undefined
  }

  /** Everything up to here, of what stands in this node's log, is committed. */
  committedUpTo(commitIndex: number): void {
    if (this.#stage !== 'appended' || this.#place === undefined || this.#place.index > commitIndex) return
    this.#tell({ kind: 'committed', ...this.#place })
  }

  applied(index: number, term: number): void {
    this.appended(index, term)
    if (this.#stage === 'appended') this.#tell({ kind: 'committed', index, term })
    if (!this.#isOver) this.#tell({ kind: 'applied', index, term })
  }

  abandoned(reason: AbandonReason): void {
    if (!this.#isOver) this.#tell({ kind: 'abandoned', reason })
  }

  get #isOver(): boolean {
    return this.#stage === 'applied' || this.#stage === 'abandoned'
  }

  #tell(fate: ProposalFate): void {
    this.#stage = fate.kind
    tell(this.#listener, fate)
  }
}

/** Why a command is given up that got as far as this. Only `Unknown` leaves open whether it takes effect. */
export function abandonReason(progress: RequestProgress | undefined): AbandonReason {
  if (progress === undefined) return 'NotLeader'
  if (progress.copies > 0) return 'Unknown'
  if (progress.superseded) return 'Superseded'
  return progress.overloaded ? 'Overloaded' : 'NotLeader'
}

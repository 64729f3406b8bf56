/**
 * The sentences told so far, newest first, and which of them stands above the picture. At full speed an election is over in
 * milliseconds: what matters stays up long enough to be read, and a hundred commits make one sentence.
 */
import type { Sentence } from './narrate.ts'

export interface Told extends Sentence {
  readonly id: number
  /** Wall milliseconds. */
  readonly at: number
}

export interface Narration {
  readonly headline: Told | undefined
  /** Newest first. */
  readonly told: readonly Told[]
}

export const emptyNarration: Narration = { headline: undefined, told: [] }

const KEEP = 120
/** A major sentence is not displaced by a minor one before this; in slow motion everything is slow enough as it is. */
const READING_MS = 2_600
const COALESCE_MS = 1_500

export function tell(narration: Narration, sentence: Sentence, at: number, slow: boolean): Narration {
  const newest = narration.told[0]
  // A surge's commits make one sentence, and the appends between them need none any more.
  const swallows = sentence.commit !== undefined && newest?.surge === true && newest.node === sentence.node
  const before = swallows ? narration.told.slice(1) : narration.told
  const merged = before[0] && mergeCommits(before[0], sentence, at)
  const next: Told = merged ?? { ...sentence, id: (newest?.id ?? 0) + 1, at }
  const told = [next, ...(merged ? before.slice(1) : narration.told)].slice(0, KEEP)

  const shown = narration.headline
  const replacesShown = merged !== undefined && shown?.id === merged.id
  const protectedUntil = shown?.weight === 'major' && !slow ? shown.at + READING_MS : 0
  const headline = replacesShown || next.weight === 'major' || at >= protectedUntil ? next : shown
  return { headline, told }
}

function mergeCommits(previous: Told, sentence: Sentence, at: number): Told | undefined {
  if (!previous.commit || !sentence.commit || previous.node !== sentence.node) return undefined
  if (sentence.commit.from !== previous.commit.to + 1 || at - previous.at > COALESCE_MS) return undefined
  const commit = { from: previous.commit.from, to: sentence.commit.to }
  return { ...sentence, id: previous.id, at, commit, text: `Entries ${commit.from} to ${commit.to} are committed.` }
}

/**
 * The sentences told so far, newest first, and which of them stands above the picture. At full speed an election is over in
 * milliseconds: what matters stays up long enough to be read, and a hundred commits make one sentence.
 */
import { story } from '../words/story.ts'
import { retold, type Sentence } from './narrate.ts'

export interface Told extends Sentence {
  readonly id: number
  /** How often it happened, where it happened again and again. */
  readonly times: number
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
/** So far back a sentence is found again. */
const FOLD_WITHIN = 12

export function tell(narration: Narration, sentence: Sentence, at: number, slow: boolean): Narration {
  const folded = fold(narration, sentence, at)
  if (folded) return folded
  const newest = narration.told[0]
  // A surge's commits make one sentence, and the appends between them need none any more.
  const swallows = sentence.commit !== undefined && newest?.surge === true && newest.node === sentence.node
  const before = swallows ? narration.told.slice(1) : narration.told
  const merged = before[0] && mergeCommits(before[0], sentence, at)
  const next: Told = merged ?? { ...sentence, id: (newest?.id ?? 0) + 1, at, times: 1 }
  const told = [next, ...(merged ? before.slice(1) : narration.told)].slice(0, KEEP)

  const shown = narration.headline
  const replacesShown = merged !== undefined && shown?.id === merged.id
  const protectedUntil = shown?.weight === 'major' && !slow ? shown.at + READING_MS : Number.NEGATIVE_INFINITY
  // What goes on behind cut links is told in the list; above the picture stands what moves this side.
  const mayTurn = next.weight === 'major' || (sentence.far !== true && at >= protectedUntil)
  return { headline: replacesShown || mayTurn ? next : shown, told }
}

/** In the language spoken now. */
export function retell({ headline, told }: Narration): Narration {
  return { headline: headline && retold(headline), told: told.map(retold) }
}

/** A node that nobody answers asks the same again and again: that is one sentence, and a count. */
function fold(narration: Narration, sentence: Sentence, at: number): Narration | undefined {
  if (sentence.weight === 'major' || sentence.commit !== undefined || sentence.surge === true) return undefined
  const { told, headline } = narration
  const since = told.slice(0, FOLD_WITHIN).findIndex(({ weight }) => weight === 'major')
  const recent = told.slice(0, since < 0 ? FOLD_WITHIN : since)
  const place = recent.findIndex(({ node, text }) => node === sentence.node && text === sentence.text)
  const before = told[place]
  if (before === undefined) return undefined
  const again = { ...before, times: before.times + 1, at }
  return { told: told.with(place, again), headline: headline?.id === before.id ? again : headline }
}

function mergeCommits(previous: Told, sentence: Sentence, at: number): Told | undefined {
  if (!previous.commit || !sentence.commit || previous.node !== sentence.node) return undefined
  if (sentence.commit.from !== previous.commit.to + 1 || at - previous.at > COALESCE_MS) return undefined
  const commit = { from: previous.commit.from, to: sentence.commit.to }
  const said = () => ({
    detail: sentence.detail,
    ...sentence.said?.(),
    text: story().committedMany(commit.from, commit.to),
  })
  return { ...sentence, ...said(), said, id: previous.id, at, times: 1, commit }
}

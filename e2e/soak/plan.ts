/** What will befall which browser and which tab, and for how long: all of it decided by the seed, whatever the browsers make of it. */
import { Random } from '../../packages/simulator/src/ground/random.ts'

export type TabFaultKind =
  /** As a user closes it. */
  | 'close'
  /** Its process dies. */
  | 'crash'
  | 'reload'
  /** Hidden, and frozen by the browser. */
  | 'freeze'
  /** Its process is stopped (SIGSTOP). */
  | 'stop'
  /** The page does nothing else for so long. */
  | 'busy'
  /** Another tab of its browser is looked at. */
  | 'hide'
  /** Its worker ends without a word, … */
  | 'end worker'
  /** … or never answers again. */
  | 'hang worker'

export type BrowserFaultKind =
  /** Every link of its node is cut. */
  | 'cut'
  /** Its disk is full. */
  | 'full disk'
  /** Its node's database is deleted. */
  | 'delete database'
  /** All its processes are stopped, as those of a laptop that sleeps. */
  | 'sleep'
  /** All its processes are killed at once. */
  | 'kill'

export type Fault =
  | { readonly kind: TabFaultKind; readonly browser: number; readonly tab: number; readonly ms: number }
  | { readonly kind: BrowserFaultKind; readonly browser: number; readonly tab?: undefined; readonly ms: number }

export interface EdgeFault {
  /** SIGKILL and SIGSTOP. */
  readonly kind: 'kill edge node' | 'stop edge node'
  readonly edge: number
  readonly ms: number
}

export interface PlannedForEdge {
  readonly afterMs: number
  readonly fault: EdgeFault
}

export interface Planned {
  /** So long after the one before. */
  readonly afterMs: number
  readonly fault: Fault
}

/** Their first tab stays from beginning to end: whether memory grows can be seen only in what lives long. */
export const STEADY_BROWSERS = 2

const TAB_FAULTS: readonly TabFaultKind[] = [
  'close',
  'crash',
  'reload',
  'freeze',
  'stop',
  'busy',
  'hide',
  'end worker',
  'hang worker',
]
const BROWSER_FAULTS: readonly BrowserFaultKind[] = ['cut', 'full disk', 'delete database', 'sleep', 'kill']
/** A tab that stays lives through these. */
const GENTLE: readonly Fault['kind'][] = ['freeze', 'stop', 'busy', 'hide', 'cut', 'full disk', 'sleep']

/** Without end. */
export function* planOf(seed: number, browsers: number, tabs: number): Generator<Planned, never> {
  const random = new Random(seed, 'soak')
  for (;;) {
    const afterMs = Math.round(random.between(500, 4_000))
    const ms = Math.round(random.tail(300, 1_500))
    const browser = random.int(browsers)
    if (random.chance(0.35)) {
      const kind = pick(random, BROWSER_FAULTS)
      // A database that is gone takes a member along, which the others have to replace.
      if (kind === 'delete database' && random.chance(0.6)) continue
      if (browser >= STEADY_BROWSERS || GENTLE.includes(kind))
        yield { afterMs, fault: { kind, browser, ms: Math.min(ms, 8_000) } }
    } else {
      const kind = pick(random, TAB_FAULTS)
      const tab = random.int(tabs)
      const stays = browser < STEADY_BROWSERS && tab === 0
      if (!stays || GENTLE.includes(kind)) yield { afterMs, fault: { kind, browser, tab, ms: Math.min(ms, 12_000) } }
    }
  }
}

/** Of a stream of its own, so that whatever befalls the browsers is as it would be without edge nodes. */
export function* planOfEdges(seed: number, edges: number): Generator<PlannedForEdge, never> {
  const random = new Random(seed, 'soak/edges')
  for (;;) {
    const afterMs = Math.round(random.between(4_000, 20_000))
    const kind = random.chance(0.6) ? 'kill edge node' : 'stop edge node'
    yield {
      afterMs,
      fault: { kind, edge: random.int(edges), ms: Math.round(Math.min(random.tail(300, 1_500), 8_000)) },
    }
  }
}

export const told = ({ kind, browser, tab, ms }: Fault): string =>
  `${kind}, browser ${browser}${tab === undefined ? '' : `, tab ${tab}`}, ${ms} ms`

function pick<T>(random: Random, list: readonly T[]): T {
  const picked = random.pick(list)
  if (picked === undefined) throw new Error('an empty list')
  return picked
}

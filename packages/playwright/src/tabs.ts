/** The tabs of a room, by their pages; what is done to all that have to do with a node, and what they say together. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { describeTabs, type Seen } from './agreement.ts'
import { RoomError, type RoomErrorKind } from './room-error.ts'
import { Tab } from './tab.ts'

export interface WaitOptions {
  /** Who has to. Default: every open page that is neither frozen nor offline. */
  readonly pages?: readonly Page[]
  /** Give up after this long. Milliseconds; default: the `roomTimeout` of `test.use`. */
  readonly timeout?: number
}

export interface Agreement {
  /** The page whose node leads. */
  readonly leader: Page
  readonly term: number
  /** Up to where all of them have applied the log. */
  readonly index: number
}

const LOOK_EVERY_MS = 50

export class Tabs {
  /** Also those that are gone, in the order in which they were opened. */
  readonly all: Tab[] = []
  readonly #timeoutMs: number

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  get open(): readonly Tab[] {
    return this.all.filter(({ isOpen }) => isOpen)
  }

  add(page: Page): Tab {
    const tab = new Tab(page, this.all.length + 1)
    this.all.push(tab)
    return tab
  }

  /** @throws RoomError if it is none of them */
  of(page: Page): Tab {
    const tab = this.all.find(tab => tab.page === page)
    if (tab !== undefined) return tab
    throw new RoomError(
      'NotOfThisRoom',
      'This page is no tab of the room: open it with room.open or room.openBrowsers.',
    )
  }

  get answering(): readonly Tab[] {
    return this.open.filter(({ isFrozen }) => !isFrozen)
  }

  /** The nodes that these pages have to do with, in these tabs or in others of their browsers. */
  async nodesOf(pages: readonly Page[]): Promise<readonly string[]> {
    return Promise.all(pages.map(page => this.nodeOf(this.of(page))))
  }

  async nodeOf(tab: Tab): Promise<string> {
    tab.mustAnswer()
    const node = (await tab.report())?.node
    if (node !== undefined) return node
    await tab.joined(this.#timeoutMs)
    return this.nodeOf(tab)
  }

  /** Whichever of its browser’s tabs drives a node now or later. */
  async disturb(nodes: readonly string[], faultsOf: (tab: Tab) => Partial<Tab['faults']>): Promise<void> {
    await Promise.all(
      this.answering.map(async tab => {
        const node = (await tab.report())?.node
        if (node !== undefined && nodes.includes(node)) await tab.setFaults(faultsOf(tab))
      }),
    )
  }

  /** What each of them says of itself, a line each. */
  async describe(): Promise<string> {
    return describeTabs(await this.#look(this.all))
  }

  #look(tabs: readonly Tab[]): Promise<readonly Seen[]> {
    return Promise.all(
      tabs.map(async (tab): Promise<Seen> => ({ tab: tab.number, report: await tab.report(), note: tab.note })),
    )
  }

  async waitUntil(
    kind: RoomErrorKind,
    whyNot: (seen: readonly Seen[], withinReach: ReadonlySet<string>) => string | undefined,
    { pages, timeout = this.#timeoutMs }: WaitOptions,
  ): Promise<Agreement> {
    const end = performance.now() + timeout
    for (;;) {
      const tabs = pages?.map(page => this.of(page)) ?? this.answering.filter(({ faults }) => !faults.offline)
      for (const tab of tabs) tab.mustAnswer()
      const seen = await this.#look(this.all)
      const asked = seen.filter(({ tab }) => tabs.some(({ number }) => number === tab))
      const reason = whyNot(asked, this.#withinReach(seen, asked)) ?? (await this.#divergence(tabs))
      if (reason === undefined) return this.#agreement(seen, asked)
      if (performance.now() > end) {
        const what = kind === 'NotQuiet' ? 'not quiet' : 'not of one mind'
        throw new RoomError(kind, `After ${timeout} ms the room is ${what}: ${reason}.\n${await this.describe()}`)
      }
      await sleep(LOOK_EVERY_MS)
    }
  }

  /** Whether they went on meanwhile. @throws RoomError if they have not, and their states differ */
  async #divergence(tabs: readonly Tab[]): Promise<string | undefined> {
    const [first, ...others] = await Promise.all(tabs.map(tab => tab.stateDigest().catch(() => undefined)))
    if (first === undefined || others.includes(undefined)) return 'a tab is just loading'
    if (others.some(other => other?.applied !== first.applied)) return 'more was just applied'
    if (others.every(other => other?.digest === first.digest)) return undefined
    throw new RoomError(
      'Diverged',
      `All have applied the log up to ${first.applied}, and their states differ: a mutation does not do the same everywhere. ` +
        'Look for Date.now(), Math.random(), new ids or what the page knows, in a mutation; call.now, call.random() and call.newId() are the same everywhere.',
    )
  }

  /** The nodes from which these tabs can hear. */
  #withinReach(seen: readonly Seen[], asked: readonly Seen[]): ReadonlySet<string> {
    const nodes = asked.flatMap(({ report }) => report?.node ?? [])
    const reaching = seen.filter(({ tab }) => {
      const faults = this.all.find(({ number }) => number === tab)?.faults
      return faults?.offline === false && !nodes.some(node => faults.cut.includes(node))
    })
    return new Set(reaching.flatMap(({ report }) => report?.drives ?? []))
  }

  #agreement(seen: readonly Seen[], asked: readonly Seen[]): Agreement {
    const report = asked[0]?.report
    const leads = seen.find(({ report: each }) => each?.drives !== undefined && each.drives === report?.leader)
    const leader = this.all.find(({ number }) => number === leads?.tab)?.page
    if (leader === undefined) throw new Error('unreachable: a leader is driven by a tab within reach')
    return { leader, term: report?.term ?? 0, index: report?.applied ?? 0 }
  }
}

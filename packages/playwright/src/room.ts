/**
 * A room of many tabs and browsers, all with the app under test, and what can go wrong between them. Its tabs are Playwright's own
 * pages; what is done to one is done by the room.
 */
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { disagreement, unrest } from './agreement.ts'
import { RoomError } from './room-error.ts'
import { RoomTrace } from './room-trace.ts'
import { type OwnSignaling, ownSignaling } from './signaling.ts'
import type { Tab } from './tab.ts'
import { type Agreement, Tabs, type WaitOptions } from './tabs.ts'

/** As many pages as were asked for, so that each of them has a name: `const [ada, ben] = await room.open(2)`. */
export type RoomPages<Count extends number, Pages extends Page[] = []> = number extends Count
  ? Page[]
  : Pages['length'] extends Count
    ? Pages
    : RoomPages<Count, [...Pages, Page]>

interface RoomStart {
  readonly browser: Browser
  readonly context: BrowserContext
  readonly url: string
  readonly timeoutMs: number
}

export class Room {
  readonly #start: RoomStart
  readonly #signaling: OwnSignaling
  readonly #trace = new RoomTrace<Page>()
  readonly #tabs: Tabs
  readonly #prepared = new Map<BrowserContext, Promise<void>>()
  readonly #ownContexts: BrowserContext[] = []

  private constructor(start: RoomStart, signaling: OwnSignaling) {
    this.#start = start
    this.#signaling = signaling
    this.#tabs = new Tabs(start.timeoutMs)
  }

  /** @internal `test` makes one for each test, and ends it. */
  static async start(start: RoomStart): Promise<Room> {
    return new Room(start, await ownSignaling())
  }

  /** The open ones, oldest first. */
  get pages(): readonly Page[] {
    return this.#tabs.open.map(({ page }) => page)
  }

  // ---- Coming and going ---------------------------------------------------------------------------------------------

  /**
   * Opens so many tabs of one browser, all at once, and waits until each has joined. `beside`: in the browser of this page;
   * default: in the test's `context`.
   */
  open<Count extends number = 1>(count?: Count, options?: { readonly beside?: Page }): Promise<RoomPages<Count>>
  async open(count = 1, { beside }: { readonly beside?: Page } = {}): Promise<Page[]> {
    const context = beside === undefined ? this.#start.context : beside.context()
    return this.#openIn(Array.from({ length: count }, () => context))
  }

  /** Opens so many browsers with a tab each: contexts, which share nothing, as different people have. */
  openBrowsers<Count extends number = 1>(count?: Count): Promise<RoomPages<Count>>
  async openBrowsers(count = 1): Promise<Page[]> {
    const { browser } = this.#start
    const contexts = await Promise.all(Array.from({ length: count }, () => browser.newContext()))
    this.#ownContexts.push(...contexts)
    return this.#openIn(contexts)
  }

  /** Closes a tab as a person does: the page hears of it, and its node says goodbye. */
  async close(page: Page): Promise<void> {
    // What it says while it goes nobody is told by it.
    await this.#tabs.of(page).flush()
    page.once('dialog', dialog => dialog.accept())
    const closed = page.waitForEvent('close')
    await page.close({ runBeforeUnload: true })
    await closed
  }

  /** Kills a tab's process: neither the page nor its node hears of it, and what was not on disk is lost. */
  async crash(page: Page): Promise<void> {
    const tab = this.#tabs.of(page)
    tab.mustAnswer()
    await tab.flush()
    const session = await tab.devTools('crash')
    const crashed = page.waitForEvent('crash')
    // Never answered: there is nobody left to.
    session.send('Page.crash').catch(() => {})
    await crashed
    this.#trace.died(page, 'the test crashed its tab')
    await page.close()
  }

  /** Opens the tab again that this page was, in the same browser: its disk is as it was left. Closes it first, if it is open. */
  async reopen(page: Page): Promise<Page> {
    const tab = this.#tabs.of(page)
    if (tab.isOpen) await this.close(page)
    const again = this.#tabs.add(await this.#newPage(page.context()))
    await this.#load(again, page.url())
    return again.page
  }

  // ---- What is between them -----------------------------------------------------------------------------------------

  /** Cuts every link between these pages and those (default: all others). Links look up, and nothing arrives. Until `heal`. */
  async cut(some: Page | readonly Page[], others?: Page | readonly Page[]): Promise<void> {
    const here = await this.#tabs.nodesOf(listed(some))
    const rest = this.pages.filter(page => !listed(some).includes(page))
    const there = await this.#tabs.nodesOf(others === undefined ? rest : listed(others))
    const shared = here.filter(node => there.includes(node))
    if (shared.length > 0) {
      throw new RoomError(
        'OneNode',
        'There is nothing to cut between these tabs: tabs of one browser are one node, and share its disk. For several nodes open ' +
          'several browsers (room.openBrowsers), or have the app open its node with nodes: "perTab".',
      )
    }
    await this.#tabs.disturb(here, tab => ({ cut: [...new Set([...tab.faults.cut, ...there])] }))
    await this.#tabs.disturb(there, tab => ({ cut: [...new Set([...tab.faults.cut, ...here])] }))
  }

  /** Ends every cut. Who is offline, slow or frozen stays so. */
  async heal(): Promise<void> {
    await Promise.all(this.#tabs.answering.map(tab => tab.setFaults({ cut: [] })))
  }

  /**
   * Takes the network away from a page's browser: its node's links to others, and the ways by which they find each other, are down, at its
   * end at once; the others just hear nothing more. The page's own requests fail, and it is told (`navigator.onLine`).
   * Where every tab is a node, only this one is meant.
   */
  async offline(page: Page): Promise<void> {
    await this.#setOffline(page, true)
  }

  async online(page: Page): Promise<void> {
    await this.#setOffline(page, false)
  }

  /** Adds so much to the way of everything that these pages’ nodes send (default: of all). 0 ends it. */
  async slow(delayMs: number, some: Page | readonly Page[] = this.pages): Promise<void> {
    await this.#tabs.disturb(await this.#tabs.nodesOf(listed(some)), () => ({ delayMs }))
  }

  // ---- What becomes of a page ---------------------------------------------------------------------------------------

  /** A tab that nobody has looked at for long: no code of it runs, nor of its workers, and its connections stay up. Until `thaw`. */
  async freeze(page: Page): Promise<void> {
    await this.#tabs.of(page).freeze()
  }

  async thaw(page: Page): Promise<void> {
    await this.#tabs.of(page).thaw()
  }

  /** The page is told that nobody sees it. (Its timers are not slowed down: Playwright’s pages all count as seen.) */
  async hide(page: Page): Promise<void> {
    await this.#setVisibility(page, 'hidden')
  }

  async show(page: Page): Promise<void> {
    await this.#setVisibility(page, 'visible')
  }

  // ---- What they agree on -------------------------------------------------------------------------------------------

  /**
   * Waits until all follow the same leader, and have applied the same. Then their states have to be equal, too: if they are not, a
   * mutation is not deterministic, and this rejects with `Diverged`.
   */
  waitForAgreement(options: WaitOptions = {}): Promise<Agreement> {
    return this.#tabs.waitUntil('NoAgreement', disagreement, options)
  }

  /** Waits until they agree, and no change of any of them is on its way. */
  waitForQuiet(options: WaitOptions = {}): Promise<Agreement> {
    return this.#tabs.waitUntil('NotQuiet', unrest, options)
  }

  /** What happened so far in all tabs, as a file that the Lab of Flotilla opens. A test that fails has it attached. */
  async trace(title = 'a test'): Promise<string> {
    await Promise.all(this.#tabs.answering.map(tab => tab.flush().catch(() => {})))
    return this.#trace.text(title)
  }

  /** What every tab says, one line each, for people. */
  describe(): Promise<string> {
    return this.#tabs.describe()
  }

  /** @internal */
  async end(): Promise<void> {
    await Promise.all(this.#tabs.all.map(tab => tab.thaw().catch(() => {})))
    await Promise.all(this.pages.map(page => page.close()))
    await Promise.all(this.#ownContexts.map(context => context.close()))
    await this.#signaling.close()
  }

  // ---- Its tabs -----------------------------------------------------------------------------------------------------

  async #openIn(contexts: readonly BrowserContext[]): Promise<Page[]> {
    const pages = await Promise.all(contexts.map(context => this.#newPage(context)))
    const tabs = pages.map(page => this.#tabs.add(page))
    await Promise.all(tabs.map(tab => this.#load(tab, this.#start.url)))
    return tabs.map(({ page }) => page)
  }

  async #newPage(context: BrowserContext): Promise<Page> {
    await this.#prepare(context)
    return context.newPage()
  }

  async #load(tab: Tab, url: string): Promise<void> {
    await tab.page.goto(url)
    await tab.joined(this.#start.timeoutMs)
  }

  #prepare(context: BrowserContext): Promise<void> {
    let prepared = this.#prepared.get(context)
    if (prepared === undefined) {
      prepared = this.#prepareNow(context)
      this.#prepared.set(context, prepared)
    }
    return prepared
  }

  async #prepareNow(context: BrowserContext): Promise<void> {
    await context.exposeBinding('__flotillaTrace', ({ page }, events) => {
      this.#trace.add(page, events)
    })
    const signalingUrls = [this.#signaling.url]
    await context.addInitScript(signalingUrls => {
      globalThis.__flotillaTest = { signalingUrls, isAsked: false, node: undefined }
    }, signalingUrls)
  }

  async #setOffline(page: Page, offline: boolean): Promise<void> {
    const node = await this.#tabs.nodeOf(this.#tabs.of(page))
    await this.#tabs.disturb([node], () => ({ offline }))
    for (const tab of this.#tabs.answering) if (tab.faults.offline === offline) await tab.setNetwork(offline)
  }

  async #setVisibility(page: Page, state: DocumentVisibilityState): Promise<void> {
    this.#tabs.of(page).mustAnswer()
    await page.evaluate(state => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => state === 'hidden' })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    }, state)
  }
}

const listed = (pages: Page | readonly Page[]): readonly Page[] => ('goto' in pages ? [pages] : pages)

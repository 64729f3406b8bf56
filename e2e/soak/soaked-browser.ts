/** One browser of a soak: a process of its own with a disk of its own, and tabs that are opened again whatever becomes of them. */
import type { Page } from '@playwright/test'
import { crash } from '../fixtures/node-page.ts'
import { freeze, RealBrowser } from '../fixtures/real-browser.ts'
import type { SoakTab, Taken } from '../harness/soak.ts'
import type { WorkerOrder } from '../harness/soak.worker.ts'

export interface Surroundings {
  /** Of the page, with all that it has to know. */
  readonly address: string
  /** Registers that are in use. */
  generation(): number
  /** A tab is there, for the first time or anew: how it is called, and whom it writes as. */
  admit(browser: number, tab: number): Admitted
  complain(what: string): void
}

export interface Admitted {
  readonly name: string
  readonly writer: number
  /** Our time just before it was asked, and just after it had answered. */
  took(taken: Taken, before: number, after: number): void
}

const FETCH_EVERY_MS = 400
/** Longer than any fault lasts, on a machine that has much else to do. */
const OPENS_WITHIN_MS = 180_000
/** A page has loaded when its node is open. */
const AS_LONG_AS_IT_TAKES = { waitUntil: 'commit', timeout: OPENS_WITHIN_MS } as const

export class SoakedBrowser {
  readonly index: number
  readonly tabs: SoakedTab[] = []
  /** Something befalls it, and no two things at once. */
  isBusy = false
  readonly #browser: RealBrowser
  readonly #surroundings: Surroundings

  private constructor(index: number, browser: RealBrowser, tabs: number, surroundings: Surroundings) {
    this.index = index
    this.#browser = browser
    this.#surroundings = surroundings
    for (let i = 0; i < tabs; i++) this.tabs.push(new SoakedTab(this, i, surroundings))
  }

  static async start(index: number, tabs: number, surroundings: Surroundings): Promise<SoakedBrowser> {
    const browser = new SoakedBrowser(index, await RealBrowser.start(), tabs, surroundings)
    await browser.openAll()
    return browser
  }

  get context() {
    return this.#browser.context
  }

  get origin(): string {
    return new URL(this.#surroundings.address).origin
  }

  async openAll(): Promise<void> {
    for (const tab of this.tabs) await tab.open()
  }

  async stopTab(page: Page, ms: number): Promise<void> {
    const pid = await this.#browser.processOf(page)
    process.kill(pid, 'SIGSTOP')
    try {
      await pause(ms)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  }

  /** Whichever tab drives its node. */
  async cut(ms: number): Promise<void> {
    const cut = (isCut: boolean) =>
      Promise.all(this.tabs.map(({ page }) => page.evaluate(isCut => window.soak?.cut(isCut), isCut)))
    await cut(true)
    await pause(ms)
    await cut(false)
  }

  async sleep(ms: number): Promise<void> {
    this.#browser.stopAll()
    await pause(ms)
    this.#browser.goOn()
  }

  async kill(ms: number): Promise<void> {
    for (const tab of this.tabs) tab.gone()
    await this.#browser.kill()
    await pause(ms)
    await this.#browser.launch()
    await this.openAll()
  }

  stop(): Promise<void> {
    for (const tab of this.tabs) tab.gone()
    return this.#browser.stop()
  }
}

export class SoakedTab {
  readonly #browser: SoakedBrowser
  readonly #index: number
  readonly #surroundings: Surroundings
  #page: Page | undefined
  /** Ends when its document does. */
  #document = new AbortController()
  name = ''

  constructor(browser: SoakedBrowser, index: number, surroundings: Surroundings) {
    this.#browser = browser
    this.#index = index
    this.#surroundings = surroundings
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error(`${this.name} is not open`)
    return this.#page
  }

  async open(): Promise<void> {
    const page = await this.#browser.context.newPage()
    this.#page = page
    page.on('pageerror', error =>
      this.#surroundings.complain(`${this.name}: nobody caught ${error.stack ?? error.message}`),
    )
    await page.goto(this.#surroundings.address, AS_LONG_AS_IT_TAKES)
    await this.#begin()
  }

  async reload(): Promise<void> {
    this.#document.abort()
    await this.page.reload(AS_LONG_AS_IT_TAKES)
    await this.#begin()
  }

  async close(): Promise<void> {
    const { page } = this
    this.gone()
    await page.close({ runBeforeUnload: true })
  }

  async crash(): Promise<void> {
    const { page } = this
    this.gone()
    await crash(page)
  }

  /** A tab is frozen only where nobody sees it. */
  async freeze(ms: number, other: Page): Promise<void> {
    await other.bringToFront()
    await this.page.waitForFunction(() => document.visibilityState === 'hidden', undefined, { polling: 100 })
    const thaw = await freeze(this.page)
    await pause(ms)
    await thaw()
  }

  order(order: WorkerOrder['order']): Promise<void> {
    return this.page.evaluate(order => window.soak?.order(order), order)
  }

  /** Whatever it says from now on is not heard. */
  gone(): void {
    this.#document.abort()
    this.#page = undefined
  }

  ask<T>(question: (tab: SoakTab) => T): Promise<T> {
    // A function goes there as its text; the page has none of what is around it here.
    return this.page.evaluate<T>(`(${question})(window.soak)`)
  }

  async #begin(): Promise<void> {
    const { page } = this
    this.#document = new AbortController()
    const admitted = this.#surroundings.admit(this.#browser.index, this.#index)
    this.name = admitted.name
    // By a timer: a hidden page paints nothing.
    await page.waitForFunction(() => window.soak !== undefined, undefined, { polling: 100, timeout: OPENS_WITHIN_MS })
    const begin = [admitted.writer, this.#surroundings.generation()] as const
    await page.evaluate(([writer, generation]) => window.soak?.begin(writer, generation), begin)
    void this.#fetch(page, admitted, this.#document.signal)
  }

  /** What a tab that dies had not told yet nobody hears. */
  async #fetch(page: Page, admitted: Admitted, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const before = performance.now()
      const taken = await page
        .evaluate(generation => window.soak?.take(generation), this.#surroundings.generation())
        .catch(() => undefined)
      // Also if it is gone by now: it has said so.
      if (taken !== undefined) admitted.took(taken, before, performance.now())
      await pause(FETCH_EVERY_MS)
    }
  }
}

export const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

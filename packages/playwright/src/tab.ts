/** What a room knows of one of its pages, and how it speaks to it. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { NodeFaults } from '@flotilla/browser-node'
import type { CDPSession, Page } from '@playwright/test'
import type { StateDigest, TabReport } from './page/page-end.ts'
import { RoomError } from './room-error.ts'
import { Standstill } from './standstill.ts'

const LOOK_EVERY_MS = 50
const MAX_COMPLAINTS = 5

export class Tab {
  readonly page: Page
  /** In the order in which the room's tabs were opened, from 1. */
  readonly number: number
  faults: NodeFaults = { offline: false, cut: [], delayMs: 0 }
  #gone: string | undefined
  #standstill: Standstill | undefined
  /** The last few. */
  readonly #complaints: string[] = []
  #network: CDPSession | undefined

  constructor(page: Page, number: number) {
    this.page = page
    this.number = number
    page.on('pageerror', error => this.#complain(String(error)))
    page.on('console', message => message.type() === 'error' && this.#complain(message.text()))
    page.on('crash', () => this.#end('it crashed'))
    page.on('close', () => this.#end('it was closed'))
  }

  get isOpen(): boolean {
    return this.#gone === undefined
  }

  get isFrozen(): boolean {
    return this.#standstill !== undefined
  }

  /** For people. */
  get note(): string | undefined {
    const { offline, cut, delayMs } = this.faults
    const notes = [
      this.#gone,
      this.isFrozen && 'frozen',
      offline && 'offline',
      cut.length > 0 && `cut off from ${cut.length}`,
      delayMs > 0 && `${delayMs} ms slower`,
    ]
    return notes.filter(note => typeof note === 'string').join(', ') || undefined
  }

  /** `undefined` while there is no node in the page, or nobody to ask. */
  async report(): Promise<TabReport | undefined> {
    if (!this.isOpen || this.isFrozen) return undefined
    // A page that is just loading or closing cannot answer; that is no failure yet.
    return this.page.evaluate(() => globalThis.__flotillaTest?.node?.report()).catch(() => undefined)
  }

  /**
   * Waits until the page has a node to speak to that belongs to the room for good: before it votes, the others could not go on
   * without those who do.
   */
  async joined(timeoutMs: number): Promise<void> {
    const end = performance.now() + timeoutMs
    for (;;) {
      this.mustAnswer()
      const report = await this.report()
      if (report?.failure !== undefined) throw this.#notJoined(`its node did not open: ${report.failure}`)
      if (report?.isSettled === true) return
      if (performance.now() > end) throw await this.#whyNotJoined(report, timeoutMs)
      await sleep(LOOK_EVERY_MS)
    }
  }

  /** Everything that happened until now is told. */
  async flush(): Promise<void> {
    await this.setFaults({})
  }

  async stateDigest(): Promise<StateDigest | undefined> {
    return this.page.evaluate(() => globalThis.__flotillaTest?.node?.stateDigest())
  }

  async setFaults(faults: Partial<NodeFaults>): Promise<void> {
    this.mustAnswer()
    this.faults = { ...this.faults, ...faults }
    await this.page.evaluate(faults => globalThis.__flotillaTest?.node?.setFaults(faults), this.faults)
  }

  /** The page's own requests, and what it is told by `navigator.onLine`. */
  async setNetwork(offline: boolean): Promise<void> {
    this.#network ??= await this.devTools('be offline by itself')
    const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
    await this.#network.send('Network.emulateNetworkConditions', conditions)
  }

  async freeze(): Promise<void> {
    this.mustAnswer()
    await (await this.devTools('be frozen')).detach()
    this.#standstill = await Standstill.of(this.page)
  }

  async thaw(): Promise<void> {
    const standstill = this.#standstill
    this.#standstill = undefined
    await standstill?.end()
  }

  /** @throws RoomError if it was closed, crashed or is frozen */
  mustAnswer(): void {
    if (this.#gone !== undefined) {
      const how = 'Open it again with room.reopen(page), and go on with the page that this gives.'
      throw new RoomError('TabGone', `Tab ${this.number} is gone: ${this.#gone}. ${how}`)
    }
    if (this.isFrozen) throw new RoomError('Frozen', `Tab ${this.number} is frozen. Thaw it first: room.thaw(page).`)
  }

  /** @param purpose what only Chromium lets a page do */
  async devTools(purpose: string): Promise<CDPSession> {
    try {
      return await this.page.context().newCDPSession(this.page)
    } catch (cause) {
      const message = `Only Chromium lets a tab ${purpose}. Skip this test elsewhere: test.skip(({ browserName }) => browserName !== 'chromium').`
      throw new RoomError('NeedsChromium', message, { cause })
    }
  }

  async #whyNotJoined(report: TabReport | undefined, timeoutMs: number): Promise<RoomError> {
    if (report !== undefined) return this.#notJoined(`after ${timeoutMs} ms nobody has let its node in`)
    const isAsked = await this.page.evaluate(() => globalThis.__flotillaTest?.isAsked)
    if (isAsked === true)
      return this.#notJoined(`after ${timeoutMs} ms it has called forTests(), and opened no node with what that gave`)
    const message =
      `${this.page.url()} is open, and after ${timeoutMs} ms no node in it can be tested. Is forTests() among the options of its openNode? ` +
      `It takes one line: openNode({ …, ...forTests() }), with forTests of '@flotilla/playwright/app'.${this.#said()}`
    return new RoomError('NotExposed', message)
  }

  #notJoined(why: string): RoomError {
    return new RoomError('NotJoined', `Tab ${this.number} (${this.page.url()}): ${why}.${this.#said()}`)
  }

  #said(): string {
    return this.#complaints.length === 0 ? '' : `\nThe page said:\n${this.#complaints.join('\n')}`
  }

  #complain(text: string): void {
    if (this.#complaints.push(text) > MAX_COMPLAINTS) this.#complaints.shift()
  }

  #end(how: string): void {
    this.#gone ??= how
    this.#standstill = undefined
  }
}

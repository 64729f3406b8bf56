/**
 * A page that stands still, and its workers with it, as browsers freeze tabs that nobody looks at. Playwright's pages all count as looked
 * at, and Chromium does not freeze those; so they are stopped as a debugger stops them: no code runs, no timer fires, what arrives waits, and the
 * connections stay up.
 */
import type { CDPSession, Page } from '@playwright/test'

export class Standstill {
  readonly #page: Page
  readonly #session: CDPSession
  readonly #workers: readonly string[]

  private constructor(page: Page, session: CDPSession, workers: readonly string[]) {
    this.#page = page
    this.#session = session
    this.#workers = workers
  }

  /** @throws where there is no CDP */
  static async of(page: Page): Promise<Standstill> {
    const session = await page.context().newCDPSession(page)
    const workers: string[] = []
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') workers.push(sessionId)
    })
    // Resolves when it has attached to those that are there.
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
    const standstill = new Standstill(page, session, workers)
    await page.evaluate(() => document.dispatchEvent(new Event('freeze')))
    await standstill.#toWorkers('Debugger.enable', 'Debugger.pause')
    await session.send('Debugger.enable')
    const paused = new Promise<void>(resolve => session.once('Debugger.paused', () => resolve()))
    await session.send('Debugger.pause')
    // It pauses before the next statement that it runs; this gives it one.
    page.evaluate(() => true).catch(() => {})
    await paused
    return standstill
  }

  async end(): Promise<void> {
    await this.#session.send('Debugger.disable')
    await this.#toWorkers('Debugger.disable')
    await this.#session.detach()
    await this.#page.evaluate(() => document.dispatchEvent(new Event('resume')))
  }

  async #toWorkers(...methods: readonly string[]): Promise<void> {
    for (const sessionId of this.#workers) {
      for (const [id, method] of methods.entries()) {
        const message = JSON.stringify({ id, method })
        await this.#session.send('Target.sendMessageToTarget', { sessionId, message })
      }
    }
  }
}

/** How each fault is brought about in real browsers, and undone. */
import type { Fault } from './plan.ts'
import { pause, type SoakedBrowser } from './soaked-browser.ts'

/** Chromium looks how much room there is on the disk no more often than this. */
const ROOM_IS_REMEMBERED_MS = 31_000

/** Resolves when all is as before. Gives why it was left out, where it was. */
export async function bring(fault: Fault, browser: SoakedBrowser, isWhole: () => boolean): Promise<string | undefined> {
  const { ms } = fault
  const first = browser.tabs[0]
  const tab = browser.tabs[fault.tab ?? 0]
  const other = browser.tabs.find(each => each !== tab)
  if (first === undefined || tab === undefined || other === undefined) throw new Error('a browser has two tabs')
  switch (fault.kind) {
    case 'close':
      await tab.close()
      await pause(ms)
      await tab.open()
      return undefined
    case 'crash':
      await tab.crash()
      await pause(ms)
      await tab.open()
      return undefined
    case 'reload':
      await tab.reload()
      return undefined
    case 'freeze':
      await tab.freeze(ms, other.page)
      return undefined
    case 'stop':
      await browser.stopTab(tab.page, ms)
      return undefined
    case 'busy':
      await tab.page.evaluate(ms => window.soak?.block(ms), ms)
      return undefined
    case 'hide':
      await other.page.bringToFront()
      await pause(ms)
      await tab.page.bringToFront()
      return undefined
    case 'end worker':
      await tab.order('end')
      return undefined
    case 'hang worker':
      await tab.order('hang')
      return undefined
    case 'cut':
      await browser.cut(ms)
      return undefined
    case 'full disk': {
      const session = await browser.context.newCDPSession(first.page)
      await session.send('Storage.overrideQuotaForOrigin', { origin: browser.origin, quotaSize: 1 })
      await pause(ROOM_IS_REMEMBERED_MS + ms)
      await session.send('Storage.overrideQuotaForOrigin', { origin: browser.origin })
      await session.detach()
      return undefined
    }
    case 'delete database': {
      // A member that is gone for good has to be replaced before the next one may go.
      if (!isWhole()) return 'the room is not whole'
      await first.page.evaluate(async () => {
        for (const { name } of await indexedDB.databases())
          if (name?.startsWith('flotilla/')) indexedDB.deleteDatabase(name)
      })
      return undefined
    }
    case 'sleep':
      await browser.sleep(ms)
      return undefined
    case 'kill':
      await browser.kill(ms)
      return undefined
    default:
      return fault satisfies never
  }
}

import { describe, expect, it } from 'vitest'
import { sayGoodbyeOnPageHide, type VisibilityEvents, yieldWhenHidden } from './page-lifecycle.ts'

function page() {
  const said: string[] = []
  const cluster = { goodbye: () => void said.push('goodbye'), resume: () => void said.push('resume') }
  const window = new EventTarget()
  const document = new EventTarget()
  const stop = sayGoodbyeOnPageHide(cluster, { window, document })
  return { said, window, document, stop }
}

describe('the node of a page', () => {
  it('says goodbye when the page is hidden for good, within the event itself', () => {
    const { said, window } = page()
    window.dispatchEvent(new Event('pagehide'))
    expect(said).toEqual(['goodbye'])
  })

  it('starts over when the page was frozen, or comes back from the back/forward cache', () => {
    const { said, window, document } = page()
    document.dispatchEvent(new Event('resume'))
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    expect(said).toEqual(['resume', 'resume'])
  })

  it('does not start over when the page is shown for the first time, and stops listening when told to', () => {
    const { said, window, stop } = page()
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }))
    stop()
    window.dispatchEvent(new Event('pagehide'))
    expect(said).toEqual([])
  })
})

describe('a page that nobody sees', () => {
  it('says so at once, at every change, and no longer when told to stop', () => {
    const told: boolean[] = []
    const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' }) satisfies EventTarget
    const turn = (state: DocumentVisibilityState): void => {
      document.visibilityState = state
      document.dispatchEvent(new Event('visibilitychange'))
    }
    const page: VisibilityEvents = {
      addEventListener: document.addEventListener.bind(document),
      removeEventListener: document.removeEventListener.bind(document),
      get visibilityState() {
        return document.visibilityState === 'hidden' ? 'hidden' : 'visible'
      },
    }
    const stop = yieldWhenHidden({ setVisible: visible => void told.push(visible) }, page)
    turn('visible')
    turn('hidden')
    stop()
    turn('visible')
    expect(told).toEqual([false, true, false])
  })
})

/** What the tabs that stay take up, after all garbage is collected, and what each browser has on its disk. */
import type { CDPSession, Page } from '@playwright/test'
import { type Growth, type GrowthRule, growthOf } from './growth.ts'

export type Measure = 'page MB' | 'worker MB' | 'detached nodes' | 'connections' | 'disk MB'

/** The most of each, of all that was asked. */
export type Minute = Readonly<Partial<Record<Measure, number>>>

/** Caches and compiled code come and go by some megabytes, and so does what a database has not compacted yet. */
export const rules: Readonly<Record<Measure, GrowthRule>> = {
  'page MB': { warmUp: 2, times: 1.2, more: 1 },
  'worker MB': { warmUp: 2, times: 1.2, more: 1 },
  'detached nodes': { warmUp: 2, times: 1, more: 20 },
  connections: { warmUp: 2, times: 1, more: 8 },
  'disk MB': { warmUp: 2, times: 1.2, more: 8 },
}

const MEGABYTE = 1 << 20

export async function measureTab(page: Page): Promise<Minute> {
  const session = await page.context().newCDPSession(page)
  try {
    const pageBytes = await usedHeap((method, params) => session.send(method, params))
    const worker = await attachToWorker(session)
    const workerBytes = await usedHeap(worker)
    const { detachedNodes } = await session.send('DOM.getDetachedDomNodes')
    return {
      'page MB': pageBytes / MEGABYTE,
      'worker MB': workerBytes / MEGABYTE,
      'detached nodes': detachedNodes.length,
      connections: await count(session, 'RTCPeerConnection'),
    }
  } finally {
    await session.detach()
  }
}

type Send = (method: 'HeapProfiler.collectGarbage' | 'Runtime.getHeapUsage', params?: object) => Promise<unknown>

async function usedHeap(send: Send): Promise<number> {
  await send('HeapProfiler.collectGarbage')
  const usage = await send('Runtime.getHeapUsage')
  if (typeof usage !== 'object' || usage === null || !('usedSize' in usage)) throw new Error('no heap')
  return Number(usage.usedSize)
}

/** Its worker is another target, which is spoken to through the page's. */
async function attachToWorker(session: CDPSession): Promise<Send> {
  const attached = new Promise<string>(resolve =>
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') resolve(sessionId)
    }),
  )
  const answers = new Map<number, (result: unknown) => void>()
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message)
    answers.get(id)?.(result)
  })
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  const sessionId = await attached
  let last = 0
  return method =>
    new Promise((resolve, reject) => {
      const id = ++last
      answers.set(id, resolve)
      session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).catch(reject)
    })
}

/** Objects of this kind that are alive. */
async function count(session: CDPSession, kind: string): Promise<number> {
  const { result } = await session.send('Runtime.evaluate', { expression: `${kind}.prototype` })
  const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' })
  const length = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: 'function () { return this.length }',
    returnByValue: true,
  })
  await session.send('Runtime.releaseObject', { objectId: objects.objectId ?? '' })
  return Number(length.result.value)
}

export async function measureDisk(page: Page): Promise<Minute> {
  const bytes = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0)
  return { 'disk MB': bytes / MEGABYTE }
}

export function most(all: readonly Minute[]): Minute {
  const found: Partial<Record<Measure, number>> = {}
  for (const measure of measures)
    for (const minute of all) {
      const value = minute[measure]
      if (value !== undefined) found[measure] = Math.max(found[measure] ?? 0, value)
    }
  return found
}

export const measures = Object.keys(rules) as readonly Measure[]

export const tellMinute = (minute: Minute): string =>
  measures.map(measure => `${measure} ${minute[measure]?.toFixed(1) ?? '–'}`).join(', ')

export function judgeGrowth(
  minutes: readonly Minute[],
): readonly { readonly measure: Measure; readonly growth: Growth }[] {
  return measures.map(measure => {
    const values = minutes.map(minute => minute[measure]).filter(value => value !== undefined)
    return { measure, growth: growthOf(values, rules[measure]) }
  })
}

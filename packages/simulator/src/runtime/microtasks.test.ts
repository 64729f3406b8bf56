import { expect, test } from 'vitest'
import { microtaskDrain } from './microtasks.ts'

test('no microtask is left when the queue has run dry, however long the chain', async () => {
  const drain = microtaskDrain()
  let links = 0
  void (async () => {
    for (let i = 0; i < 1_000; i++) await Promise.resolve()
    queueMicrotask(() => {
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => {
          links = 1_000
        })
    })
  })()
  await drain.runDry()
  expect(links).toBe(1_000)
  drain.close()
})

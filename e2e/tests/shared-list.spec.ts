/** The tests of an app that is none of ours, as its own developers run them: `examples/shared-list/tests`. */
import { test } from '@flotilla/playwright'
import { type Served, serveExample } from '../fixtures/example.ts'
import '../../examples/shared-list/tests/shopping.spec.ts'

let served: Served | undefined
test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it what a fixture needs
  baseURL: async ({}, use) => {
    served ??= await serveExample('shared-list')
    await use(served.address)
  },
  roomTimeout: 120_000,
})
test.afterAll(() => served?.close())

/** `test` with a room. Every test gets an empty one, and whatever it opened there is closed after it. */
import { test as base } from '@playwright/test'
import { Room } from './room.ts'

export { expect } from '@playwright/test'

export interface RoomOptions {
  /** What a tab of the room opens, as `page.goto` takes it. Default: `/`, of the `baseURL`. */
  roomUrl: string
  /** How long the room waits for anything, before it says what is missing. Milliseconds; default: 20,000. */
  roomTimeout: number
}

export interface RoomFixtures {
  room: Room
}

export const test = base.extend<RoomOptions & RoomFixtures>({
  roomUrl: ['/', { option: true }],
  roomTimeout: [20_000, { option: true }],
  room: async ({ browser, context, roomUrl, roomTimeout }, use, testInfo) => {
    const room = await Room.start({ browser, context, url: roomUrl, timeoutMs: roomTimeout })
    await use(room)
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('what every tab said', { body: await room.describe(), contentType: 'text/plain' })
      const trace = await room.trace(testInfo.titlePath.join(' › '))
      await testInfo.attach('flotilla-trace.jsonl', { body: trace, contentType: 'application/x-ndjson' })
    }
    await room.end()
  },
})

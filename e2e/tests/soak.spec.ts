/** A minute of what `npm run soak` does for as long as one likes: see docs/testing.md. */
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { soak } from '../soak/soak.ts'
import { runFolder } from '../surroundings.ts'

test('three browsers make sense of a minute in which much befalls them', { tag: '@long' }, async () => {
  const historyFile = join(runFolder, 'soak.jsonl')
  const { wrong } = await soak({ seed: 3, minutes: 1, browsers: 3, tabs: 2, edges: 0, historyFile, log: console.log })
  expect(wrong).toEqual([])
})

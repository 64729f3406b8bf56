/** What a newcomer must fetch before a page is there: little enough for a phone on a train, through whichever door. */
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { visualizerAddress } from '../surroundings.ts'

/**
 * As they are, and a little, so that nothing is added without being seen. Home is meant to weigh 150 kB at most and has grown past
 * it with the ring; of what it brings, the checks of every property (7 kB) show nothing there. The Lab and the lessons bring the
 * simulator and all of Raft with them, and are opened from a page that is there already.
 */
const doors = [
  { name: 'home, with its moving picture', hash: '#/', most: 158_000 },
  { name: 'the list of lessons', hash: '#/learn', most: 150_000 },
  { name: 'the Lab', hash: '#/lab', most: 180_000 },
  { name: 'a lesson', hash: '#/learn/figure-8/0', most: 223_000 },
  { name: 'Live, without what connects tabs', hash: '#room=first-load-1', most: 208_000, but: /simple-peer/ },
]

for (const { name, hash, most, but } of doors) {
  test(`the first load of ${name} is at most ${most / 1000} kB`, async ({ page }) => {
    const sizes = new Map<string, number>()
    const reading: Promise<void>[] = []
    page.on('response', response => {
      if (!/\/$|\.(?:html|js|css)$/.test(new URL(response.url()).pathname) || but?.test(response.url())) return
      const read = async () => {
        sizes.set(response.url(), gzipSync(await response.body()).byteLength)
      }
      reading.push(read())
    })
    await page.goto(`${visualizerAddress}${hash}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle')
    await Promise.all(reading)

    expect([...sizes.keys()].some(address => address.endsWith('.js'))).toBe(true)
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    expect(bytes, [...sizes].map(([address, size]) => `${size} ${address}`).join('\n')).toBeLessThanOrEqual(most)
  })
}

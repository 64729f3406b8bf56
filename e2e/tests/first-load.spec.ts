/** What a newcomer must fetch before a page is there: little enough for a phone on a train, through whichever door. */
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { visualizerAddress } from '../surroundings.ts'

const MOST = 150_000

const doors = [
  { name: 'home, with its moving picture', hash: '#/' },
  { name: 'the list of lessons', hash: '#/learn' },
  { name: 'the Lab', hash: '#/lab' },
  { name: 'a lesson', hash: '#/learn/figure-8/0' },
  // Not counting what connects tabs: it is fetched once the page is there, for the moment in which there is another.
  { name: 'Live, with its node', hash: '#room=first-load-1', but: /simple-peer/, most: 160_000 },
  // Not counting the node either, which has a worker of its own that loads beside the page. It is all that a newcomer waits for.
  { name: 'Live', hash: '#room=first-load-2', but: /simple-peer|node\.worker/, most: 84_000 },
]

for (const { name, hash, but, most = MOST } of doors) {
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

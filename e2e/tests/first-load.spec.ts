/** What a newcomer must fetch before the page does anything: little enough for a phone on a train. */
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { visualizerAddress } from '../surroundings.ts'

const MOST_BYTES = 150_000

test('the first load is at most 150 kB', async ({ request }) => {
  const sizes = new Map<string, number>()
  const fetchText = async (address: string) => {
    const response = await request.get(address)
    expect(response.ok(), `${address} is there`).toBe(true)
    const text = await response.text()
    sizes.set(address, gzipSync(text).byteLength)
    return text
  }

  // The build names every script and style of the first load here; what comes later is fetched by those scripts.
  const page = await fetchText(visualizerAddress)
  const named = [...page.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+\.(?:js|css))"/g)]
  const addresses = named.map(([, path = '']) => new URL(path, visualizerAddress).href)
  expect(addresses.filter(address => address.endsWith('.js'))).not.toHaveLength(0)
  expect(addresses.filter(address => address.endsWith('.css'))).not.toHaveLength(0)
  for (const [i, text] of (await Promise.all(addresses.map(fetchText))).entries()) {
    const imported = [...text.matchAll(/\b(?:from|import)\s*"(\.[^"]+\.js)"/g)]
    const more = imported.map(([, path = '']) => new URL(path, addresses[i]).href)
    expect(addresses, 'nothing is imported at once that the page does not name').toEqual(expect.arrayContaining(more))
  }

  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  expect(bytes, [...sizes].map(([address, size]) => `${size} ${address}`).join('\n')).toBeLessThanOrEqual(MOST_BYTES)
})

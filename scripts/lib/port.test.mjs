import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { firstFreePort, isPortFree, parsePort } from './port.mjs'

test('PORT may be absent, and must otherwise be a port', () => {
  expect(parsePort(undefined)).toBeUndefined()
  expect(parsePort('')).toBeUndefined()
  expect(parsePort('8080')).toBe(8080)
  for (const wrong of ['http', '0', '-1', '80.5', '65536'])
    expect(() => parsePort(wrong)).toThrow('PORT must be a number')
})

test('the first free port is the next one when some are taken', async () => {
  const taken = new Set([4173, 4174])
  expect(await firstFreePort(4173, async port => !taken.has(port))).toBe(4175)
})

test('when a hundred are taken, it says what to do', async () => {
  await expect(firstFreePort(4173, async () => false)).rejects.toThrow('PORT=8080 npm start')
})

test('a port that somebody listens on is not free, and is again afterwards', async () => {
  const server = createServer()
  await new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  expect(await isPortFree(port)).toBe(false)
  await new Promise(resolve => server.close(resolve))
  expect(await isPortFree(port)).toBe(true)
})

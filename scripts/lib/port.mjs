/** Which port to listen on: the one asked for, or the next one that is free. */
import { createServer } from 'node:net'
import { Refusal } from './fail.mjs'

/**
 * The PORT a user asked for, or undefined.
 *
 * @param {string | undefined} value
 */
export function parsePort(value) {
  if (value === undefined || value === '') return undefined
  const port = Number(value)
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port
  throw new Refusal(`PORT must be a number from 1 to 65535, not "${value}". For example: PORT=8080 npm start`)
}

/**
 * The first of `first`, `first + 1`, … (at most 100 of them) on which nobody listens.
 *
 * @param {number} first
 * @param {(port: number) => Promise<boolean>} [isFree]
 */
export async function firstFreePort(first, isFree = isPortFree) {
  const last = Math.min(first + 99, 65535)
  for (let port = first; port <= last; port++) if (await isFree(port)) return port
  throw new Refusal(`All ports from ${first} to ${last} are taken. Choose one yourself: PORT=8080 npm start`)
}

/**
 * Whether nobody on this machine listens there, under either of localhost's addresses.
 *
 * @param {number} port
 */
export async function isPortFree(port) {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function canListen(port, host) {
  return new Promise(resolve => {
    const server = createServer()
    // A machine without IPv6 cannot listen on ::1, and nobody else can either.
    server.once('error', error =>
      resolve('code' in error && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(String(error.code))),
    )
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

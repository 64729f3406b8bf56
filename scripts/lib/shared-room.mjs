/** The room that `npm start` invites everyone on the network to: the same one each time, as its data is kept too. */
import { randomBytes, randomInt } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'

/** @typedef {{ room: string, key: string }} SharedRoom */

/**
 * @param {string} folder where it is kept
 * @param {boolean} [anew]
 * @returns {SharedRoom}
 */
export function sharedRoom(folder, anew = false) {
  const file = join(folder, 'room.json')
  const kept = anew ? undefined : readRoom(file)
  if (kept !== undefined) return kept
  const made = { room: `class-${randomInt(1_000, 10_000)}`, key: randomBytes(16).toString('base64url') }
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${JSON.stringify(made)}\n`, { mode: 0o600 })
  return made
}

/**
 * The part of an address after `#`: browsers tell it to no server.
 *
 * @param {SharedRoom} shared
 */
export const fragmentOf = ({ room, key }) => `#room=${room}&key=${key}`

/** @param {string} file */
function readRoom(file) {
  try {
    const { room, key } = JSON.parse(readFileSync(file, 'utf8'))
    const isRoom = /^[A-Za-z0-9_-]{1,64}$/.test(room) && /^[A-Za-z0-9_-]{22}$/.test(key)
    return isRoom ? { room: String(room), key: String(key) } : undefined
  } catch {
    return undefined
  }
}

/**
 * This machine's addresses on its networks, as others reach them, those of real networks first.
 *
 * @returns {string[]}
 */
export function networkAddresses(interfaces = networkInterfaces()) {
  return Object.entries(interfaces)
    .filter(([, addresses]) => addresses !== undefined)
    .sort(([a], [b]) => Number(isVirtual(a)) - Number(isVirtual(b)))
    .flatMap(([, addresses = []]) => addresses)
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))
    .map(({ address }) => address)
}

/** @param {string} name of an interface */
const isVirtual = name => /^(docker|br-|veth|virbr|vmnet|tun|tap|utun)/.test(name)

/**
 * How the rooms of a page find together, as its server says in the page's head. The server is not believed more than by a tab: what goes through it
 * is sealed with the room's key, which it never sees.
 */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { EdgeNodeError } from './edge-node-error.ts'

export interface RoomHost {
  /** Of a signalling server: a WebSocket's address. */
  readonly signaling: string | undefined
  /** Of NATS servers. */
  readonly nats: readonly string[]
  readonly iceServers: readonly RTCIceServer[]
  readonly iceTransportPolicy: RTCIceTransportPolicy
  /** Before the name that a link says: an application's rooms are no other's. */
  readonly roomPrefix: string
}

const ANSWER_WITHIN_MS = 10_000
const MAX_PAGE_BYTES = 1 << 20

/** @throws EdgeNodeError `NoSignaling` */
export async function askRoomHost(page: URL, trustAnyCertificate: boolean): Promise<RoomHost> {
  const html = await load(page, trustAnyCertificate)
  const host = readRoomHost(html, page)
  if (host.signaling === undefined && host.nats.length === 0) {
    throw unknown(page, 'it names no signalling server: give the address of one')
  }
  return host
}

/** @throws EdgeNodeError `NoSignaling` for what is no configuration */
export function readRoomHost(html: string, page: URL): RoomHost {
  const told = (name: string): string | undefined => {
    const tag = html.match(new RegExp(`<meta[^>]*name="${name}"[^>]*>`, 'i'))?.[0]
    const content = tag?.match(/content="([^"]*)"/i)?.[1] ?? tag?.match(/content='([^']*)'/i)?.[1]
    return content === undefined || content === '' ? undefined : unescaped(content)
  }
  const signaling = told('flotilla-signaling')
  return {
    signaling: signaling && socketAddress(signaling, page),
    nats: (told('flotilla-nats') ?? '').split(',').flatMap(address => address.trim() || []),
    ...iceIn(told('flotilla-ice'), page),
    roomPrefix: told('flotilla-room-prefix') ?? '',
  }
}

const entities: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', '#39': "'", '#x27': "'" }

const unescaped = (text: string): string => text.replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole)

function socketAddress(address: string, page: URL): string {
  const url = new URL(address, page)
  url.protocol = url.protocol.replace(/^http/, 'ws')
  return url.href
}

function iceIn(text: string | undefined, page: URL): Pick<RoomHost, 'iceServers' | 'iceTransportPolicy'> {
  try {
    const ice: unknown = text === undefined ? [] : JSON.parse(text)
    const { iceServers, iceTransportPolicy } = Array.isArray(ice)
      ? { iceServers: ice, iceTransportPolicy: undefined }
      : { iceServers: undefined, iceTransportPolicy: undefined, ...Object(ice) }
    if (Array.isArray(iceServers)) {
      return { iceServers, iceTransportPolicy: iceTransportPolicy === 'relay' ? 'relay' : 'all' }
    }
  } catch {
    // Said below.
  }
  throw unknown(page, 'its flotilla-ice has no list of servers')
}

function load(page: URL, trustAnyCertificate: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = page.protocol === 'https:' ? httpsRequest : httpRequest
    const asked = request(page, { rejectUnauthorized: !trustAnyCertificate, timeout: ANSWER_WITHIN_MS }, answer => {
      if (answer.statusCode !== 200) {
        answer.destroy()
        return reject(unknown(page, `it answers with ${answer.statusCode}`))
      }
      let html = ''
      answer.setEncoding('utf8')
      answer.on('data', (text: string) => {
        html += text
        if (html.length > MAX_PAGE_BYTES) answer.destroy(new Error('it is longer than a page of ours'))
      })
      answer.on('end', () => resolve(html))
      answer.on('error', cause => reject(unknown(page, cause.message, cause)))
    })
    asked.on('timeout', () => asked.destroy(new Error('it does not answer')))
    asked.on('error', cause => reject(unknown(page, cause.message, cause)))
    asked.end()
  })
}

const unknown = (page: URL, why: string, cause?: unknown): EdgeNodeError =>
  new EdgeNodeError('NoSignaling', `how the rooms of ${page.href} find together is not known: ${why}`, { cause })

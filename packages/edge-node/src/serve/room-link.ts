/** A room's link as people pass it on: the page, and behind its `#` the room’s name and the key that no server is told. */
import { isRoomSecret } from '@flotilla/webrtc-transport'
import { EdgeNodeError } from './edge-node-error.ts'

export interface RoomLink {
  readonly room: string
  readonly key: string
  /** Of the page, without what stands behind its `#`. */
  readonly page: URL
}

const NAME = /^[A-Za-z0-9_-]{1,64}$/

/** @throws EdgeNodeError `InvalidLink` */
export function parseRoomLink(text: string): RoomLink {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw invalid('it is no address of a page: pass the whole link, in quotes, for a shell takes & and # for its own')
  }
  const parameters = new URLSearchParams(url.hash.slice(1))
  const room = parameters.get('room') ?? ''
  const key = parameters.get('key')
  if (!NAME.test(room)) {
    throw invalid(
      'it names no room (#room=…&key=…). Where an application’s own links leave the name out, put it in: what the application gives to openNode as room',
    )
  }
  if (key === null)
    throw invalid('it has no key (&key=…): a room without one lives in one browser only, or the link was cut short')
  if (!isRoomSecret(key)) throw invalid('its key is cut short or mistyped: a key has 22 characters')
  const page = new URL(url)
  page.hash = ''
  return { room, key, page }
}

const invalid = (why: string): EdgeNodeError => new EdgeNodeError('InvalidLink', `this is no link of a room: ${why}`)

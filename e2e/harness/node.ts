/** A node of the room in the address, and nothing else on the page: what the runtime costs without a picture of it. */
import { type Codec, openCluster, type StateMachine } from '@flotilla/cluster'
import { indexedDb } from '@flotilla/indexeddb-storage'
import { webRtc } from '@flotilla/webrtc-transport'

const text: Codec<string> = {
  encode: value => new TextEncoder().encode(value),
  decode: bytes => new TextDecoder().decode(bytes),
}

/** Remembers the last text written, and how many there were. */
class LastText implements StateMachine<string, string> {
  readonly command = text
  readonly result = text
  #last = ''

  apply(value: string): string {
    this.#last = value
    return ''
  }

  snapshot(): Uint8Array {
    return text.encode(this.#last)
  }

  restore(snapshot: Uint8Array): void {
    this.#last = text.decode(snapshot)
  }
}

const node = await openCluster<string, string>({
  room: new URLSearchParams(location.hash.slice(1)).get('room') ?? 'node',
  storage: indexedDb(),
  transport: webRtc(),
  machine: new LastText(),
})

const api = {
  status: () => node.status(),
  set: (key: string, value: string) => node.propose(`${key}=${value}`),
}
Object.assign(window, { flotilla: api })

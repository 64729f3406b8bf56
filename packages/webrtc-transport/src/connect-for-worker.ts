/**
 * In a page: makes the connections that its worker asks for, and hands their channels over (`handed-over.ts`).
 *
 * When the page closes, it says so itself: by its connections, and in the words that its worker has prepared. The worker is told,
 * too, and has more to say; but on a busy machine it may not come to it before it is ended with its page.
 */
import type { Asked, HandOver, Told } from './handed-over.ts'
import type { Negotiation } from './signal.ts'
import type { Broadcast } from './signaling.ts'
import type { PeerConnection } from './simple-peer-connection.ts'

/** A connection, or what is to be said to it as soon as it is made. */
type Made = { readonly peer: PeerConnection } | { readonly said: Negotiation[] }

/** Until the way to stop is called, which closes them all: a worker that ended closes nothing itself, and its peers would never know. */
export function connectForWorker(port: HandOver): () => void {
  const connections = new Map<number, Made>()
  const lastWords = new Map<string, readonly Broadcast[]>()
  const tell = (told: Told, transfer?: Transferable[]): void => port.postMessage(told, transfer)
  const destroy = (id: number): void => {
    const made = connections.get(id)
    connections.delete(id)
    if (made !== undefined && 'peer' in made) made.peer.destroy()
  }
  const closed = (id: number): void => {
    if (!connections.has(id)) return
    destroy(id)
    tell({ kind: 'closed', id })
  }

  const connect = async ({ id, initiator, ice }: Extract<Asked, { kind: 'connect' }>): Promise<void> => {
    const said: Negotiation[] = []
    connections.set(id, { said })
    const { PeerConnection } = await import('./simple-peer-connection.ts')
    if (!connections.has(id)) return
    const peer: PeerConnection = new PeerConnection(initiator, ice, {
      onNegotiation: negotiation => tell({ kind: 'negotiation', id, negotiation }),
      onObstacle: obstacle => tell({ kind: 'obstacle', id, obstacle }),
      onBye: () => tell({ kind: 'bye', id }),
      onClose: () => closed(id),
    })
    connections.set(id, { peer })
    // In the task that made it: no browser lets a channel go later.
    tell({ kind: 'channel', id, channel: peer.channel }, [peer.channel])
    peer.onDescribed(fingerprints => tell({ kind: 'fingerprints', id, fingerprints }))
    for (const negotiation of said) peer.negotiate(negotiation)
  }

  port.onmessage = ({ data }: MessageEvent<Asked>) => {
    switch (data.kind) {
      case 'connect':
        return void connect(data).catch(() => closed(data.id))
      case 'negotiate': {
        const made = connections.get(data.id)
        if (made === undefined) return
        if ('peer' in made) made.peer.negotiate(data.negotiation)
        else made.said.push(data.negotiation)
        return
      }
      case 'destroy':
        return destroy(data.id)
      case 'lastWords':
        if (data.broadcasts.length > 0) lastWords.set(data.transport, data.broadcasts)
        else lastWords.delete(data.transport)
        return
      default:
        data satisfies never
    }
  }
  const onPageHide = (): void => {
    for (const broadcasts of lastWords.values()) broadcasts.forEach(post)
    for (const made of connections.values()) if ('peer' in made) made.peer.sayBye()
  }
  globalThis.addEventListener?.('pagehide', onPageHide)
  return () => {
    globalThis.removeEventListener?.('pagehide', onPageHide)
    for (const id of [...connections.keys()]) destroy(id)
    port.close()
  }
}

function post({ channel, message }: Broadcast): void {
  const open = new BroadcastChannel(channel)
  open.postMessage(message)
  open.close()
}

/** Whether this browser lets a worker have the end of a channel. Costs a connection that never leaves this machine. */
export function channelsCanMove(): boolean {
  try {
    const connection = new RTCPeerConnection()
    try {
      const channel = connection.createDataChannel('?', { negotiated: true, id: 1 })
      new MessageChannel().port1.postMessage(channel, [channel])
      return true
    } finally {
      connection.close()
    }
  } catch {
    return false
  }
}

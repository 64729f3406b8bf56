/**
 * The parts of simple-peer 9.11 that we use, for its browser bundle: the package's main file needs Node's globals, so
 * importing the bundle spares every user a bundler alias.
 */
declare module 'simple-peer/simplepeer.min.js' {
  export interface SimplePeerOptions {
    readonly initiator: boolean
    readonly config: RTCConfiguration
    /** Keeps the boundaries of messages: without it they are a stream of bytes. */
    readonly objectMode: true
    /** Classes as a browser has them; by default this browser's. */
    readonly wrtc?: object
  }

  export interface SimplePeerEvents {
    signal: (data: unknown) => void
    connect: () => void
    data: (data: unknown) => void
    close: () => void
    error: (error: Error) => void
  }

  export default class SimplePeer {
    constructor(options: SimplePeerOptions)
    /** The data channel: at the initiator from the beginning, at the other side from when it is there; null after `close`. */
    readonly _channel: RTCDataChannel | null
    /** null after `close`. */
    readonly _pc: RTCPeerConnection | null
    on<Name extends keyof SimplePeerEvents>(name: Name, listener: SimplePeerEvents[Name]): this
    signal(data: unknown): void
    send(data: Uint8Array): void
    destroy(): void
  }
}

export { Client, type ClientEvents, type ClientOptions } from './client.ts'
export { decodeClientMessage, decodeNodeMessage, encodeClientMessage, encodeNodeMessage } from './codec.ts'
export { FollowedMachine } from './followed-machine.ts'
export * from './message.ts'
export { type MemoryOutbox, memoryOutbox } from './outbox/memory-outbox.ts'
export {
  type Lost,
  MAX_OUTBOX_BYTES,
  MAX_OUTBOX_COMMANDS,
  Outbox,
  type OutboxEvents,
  type OutboxOptions,
  openOutbox,
  type Submitted,
  type Waiting,
} from './outbox/outbox.ts'
export * from './outbox/store.ts'
export { MAX_MESSAGE_BYTES, type MessageEnd, messagePort, type Port } from './port.ts'
export {
  type Attachable,
  openRemote,
  Remote,
  type RemoteEvents,
  type RemoteOptions,
  type RemoteTrouble,
} from './remote/remote.ts'
export { type ClientsNode, serveClients } from './remote/serve-clients.ts'
export { type RoomState, StateReader } from './remote/state-reader.ts'
export { type Followed, type ServedNode, type ServingTerms, serve } from './serve.ts'
export { type TellingNode, tellPeers } from './watch/tell-peers.ts'
export { MAX_TELLING_BYTES, type Telling } from './watch/telling.ts'
export { Watcher, type WatcherOptions } from './watch/watcher.ts'

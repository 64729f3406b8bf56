/** Made by switchable-core-plugin.ts. */
declare module 'virtual:switchable-core' {
  import type { Raft, RaftConfig } from '@flotilla/core'

  interface SwitchableConfig extends RaftConfig {
    readonly off: ReadonlySet<string>
  }

  const SwitchableRaft: new (config: SwitchableConfig) => Raft

  export { SwitchableRaft as Raft }
}

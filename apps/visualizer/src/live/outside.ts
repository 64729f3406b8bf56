/**
 * Clients that are no members, such as the command line: this tab's node answers them as an edge node with the machine does. Most rooms never
 * see one, so what it takes is loaded when the first is there; it waits for that.
 */
import type { Clock, Cluster } from '@flotilla/cluster'
import type { KeyValueMachine, KvCommand } from '../machine/key-value.ts'

export function serveOutside(node: Cluster<KvCommand, null>, machine: KeyValueMachine, clock: Clock): void {
  // Of this machine no commands are kept: a client has its state as a whole.
  const followed = { since: () => undefined, last: 0, snapshot: () => machine.snapshot() }
  let isAsked = false
  node.serveClients(() => {
    if (isAsked) return
    isAsked = true
    import('@flotilla/client').then(
      ({ serveClients }) => serveClients(node, followed, clock),
      () => {
        // Offline, or the page is another by now: the next client asks for it again.
        isAsked = false
      },
    )
  })
}

/** Mistakes that a host makes around a correct core. */
import type { Entry, Output } from '@flotilla/core'
import type { Driver } from '../driver/driver.ts'
import type { MakeRaft } from '../world/node.ts'
import type { World } from '../world/world.ts'

/** A host that applies in the background: of each output, the last entry is still on its way when the next one comes. */
export const appliesOneBehind =
  (makeRaft: MakeRaft): MakeRaft =>
  setup => {
    const raft = makeRaft(setup)
    let late: readonly Entry[] = []
    let stepped = true
    return {
      step: (input, at) => {
        stepped = true
        return raft.step(input, at)
      },
      propose: (data, at) => {
        stepped = true
        return raft.propose(data, at)
      },
      proposeAll: (commands, at) => {
        stepped = true
        return raft.proposeAll(commands, at)
      },
      receive: (message, at) => {
        stepped = true
        raft.receive(message, at)
      },
      drain: () => {
        const output = raft.drain()
        if (!stepped) return output
        stepped = false
        const fresh = output?.committed ?? []
        if (output === undefined && late.length === 0) return undefined
        const committed = [...late, ...fresh.slice(0, -1)]
        late = fresh.slice(-1)
        return { ...(output ?? nothing), committed }
      },
      get deadline() {
        return raft.deadline
      },
      status: () => raft.status(),
    }
  }

/** An output with nothing in it, to put something in. */
export const nothing: Output = {
  persist: undefined,
  sendNow: [],
  sendWhenDurable: [],
  durableToken: 0,
  restore: undefined,
  committed: [],
  reads: [],
  compactionDue: false,
  trace: [],
}

/** A host whose database the browser evicted, and that goes on under the same id as if it had always been empty. */
export function comesBackWiped(world: World, driver: Driver): void {
  const listen = driver.onAction
  driver.onAction = (action, at, reading) => {
    listen?.(action, at, reading)
    if (action.type !== 'vanish') return
    driver.after(driver.mix.heartbeatMs, () => {
      if (world.nodes[action.node]?.vanished) driver.act({ type: 'wipe', node: action.node })
    })
  }
}

/** Hosts whose clocks jump without their noticing, just when their leader is out of reach. */
export function clocksJump(world: World, driver: Driver): void {
  const { electionTimeoutMs } = driver.mix
  const again = (): void => {
    if (world.now >= driver.mix.faultsMs) return
    const leader = world.nodes.find(node => node.isUp && node.status?.role === 'leader')
    for (const node of leader === undefined ? [] : world.nodes) {
      if (leader === undefined || node === leader) continue
      driver.network.cut(leader.index, node.index)
      driver.network.cut(node.index, leader.index)
      node.clock.jump(world.now, 2 * electionTimeoutMs)
      driver.clockChanged(node)
    }
    driver.after(electionTimeoutMs, () => driver.network.heal())
    driver.after(4 * electionTimeoutMs, again)
  }
  driver.after(4 * electionTimeoutMs, again)
}

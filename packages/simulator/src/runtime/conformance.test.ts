/** What is simulated keeps the promises that every storage and transport must keep: a bug found with it is a node's own. */
import { storageConformance, transportConformance } from '@flotilla/cluster/conformance'
import { describe, expect, test } from 'vitest'
import { Random } from '../ground/random.ts'
import { Device } from './device.ts'
import { Page } from './page.ts'
import { RoomNetwork } from './room-network.ts'
import { Timeline } from './timeline.ts'

const nobody = {
  opened: () => {},
  writing: () => {},
  becomingDurable: () => {},
  lost: () => {},
  vanished: () => {},
  sent: () => {},
  said: () => {},
  unreadable: () => {},
  relayed: () => {},
  lied: () => {},
}

/** Virtual time passes for as long as the case takes. */
async function whileTimePasses(timeline: Timeline, run: () => Promise<void>): Promise<void> {
  let isOver = false
  const ended = run().finally(() => {
    isOver = true
  })
  while (!isOver) await timeline.run(timeline.now + 10, () => isOver)
  return ended
}

describe('the simulated device keeps what every storage promises', () => {
  for (const { name, run } of storageConformance) {
    test(name, () => {
      const timeline = new Timeline()
      const device = () => {
        // One device has the disks of one room.
        const rooms = new Map<string, Device>()
        const deviceOf = (room: string): Device => {
          const known = rooms.get(room)
          if (known !== undefined) return known
          const made = new Device(timeline, new Random(1, room), { leastMs: 1, typicalMs: 2 }, nobody)
          rooms.set(room, made)
          return made
        }
        const page = new Page(timeline, 0, 1)
        return {
          tab: () => (room: string) => deviceOf(room).shelf(page),
          takeOver: (room: string, node: string) => deviceOf(room).takeOver(page, node),
          damage: async (room: string, node: string) => deviceOf(room).damage(node),
          flipBit: async (room: string, node: string, index: number) => deviceOf(room).flip(node, index, 13),
          fillDisk: () => {
            for (const each of rooms.values()) each.nextFailure = 'QuotaExceeded'
          },
        }
      }
      return whileTimePasses(timeline, () => run({ device }))
    })
  }
})

// It kept the database, and the room waited for a voter that nobody could drive any more.
test('a page that is killed as its turn comes takes no database with it', () => {
  const timeline = new Timeline()
  const device = new Device(timeline, new Random(1, 'disk'), { leastMs: 1, typicalMs: 2 }, nobody)
  const [first, killed, next] = [0, 1, 2].map(index => {
    const page = new Page(timeline, index, 1)
    page.onKilled = () => device.letGo(page)
    return { page, shelf: device.shelf(page) }
  })
  if (first === undefined || killed === undefined || next === undefined) throw new Error('three pages')
  return whileTimePasses(timeline, async () => {
    const { shelf } = first
    const driven = await shelf.create({ nodeId: 'a', clusterId: undefined })
    let begin = (): void => {}
    void shelf.exclusively(() => new Promise<void>(resolve => (begin = resolve)))
    void killed.shelf.exclusively(() => killed.shelf.claim('a'))
    await driven.close()
    begin()
    first.page.kill('by the browser')
    killed.page.kill('by the browser')
    expect(await next.shelf.exclusively(() => next.shelf.claim('a'))).toBeDefined()
  })
})

// It kept the turn, and no node of the device could start again.
test('a page that is killed in the middle of a step takes no turn in what is left of the step', () => {
  const timeline = new Timeline()
  const device = new Device(timeline, new Random(1, 'disk'), { leastMs: 1, typicalMs: 2 }, nobody)
  const [killed, next] = [0, 1].map(index => {
    const page = new Page(timeline, index, 1)
    page.onKilled = () => device.letGo(page)
    return { page, shelf: device.shelf(page) }
  })
  if (killed === undefined || next === undefined) throw new Error('two pages')
  return whileTimePasses(timeline, async () => {
    killed.page.kill('by the browser')
    void killed.shelf.exclusively(() => killed.shelf.claim('a'))
    expect(await next.shelf.exclusively(() => next.shelf.create({ nodeId: 'a', clusterId: undefined }))).toBeDefined()
  })
})

describe.each([
  ['the simulated network', 0],
  ['the simulated network, whose pages cannot meet and have a server carry for them,', 1],
])('%s keeps what every transport promises', (_, apart) => {
  for (const { name, run } of transportConformance) {
    test(name, () => {
      const timeline = new Timeline()
      const conditions = { leastMs: 1, typicalMs: 2, loss: 0, duplication: 0, apart, serverCarries: true }
      const networks = new Map<string, RoomNetwork>()
      let pages = 0
      const transport = (room: string) => {
        const network = networks.get(room) ?? new RoomNetwork(timeline, new Random(1, room), conditions, nobody)
        networks.set(room, network)
        return network.transport(new Page(timeline, pages++, 1))
      }
      return whileTimePasses(timeline, () => run({ transport }))
    })
  }
})

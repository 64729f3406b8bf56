/** Tabs of a room of many, each of which hears only those that it is linked to: what is for all reaches all, by way of the voters. */
import { wantedLinks } from '@flotilla/cluster'
import type { NodeId, TraceEvent } from '@flotilla/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Picture } from '../store/picture.ts'
import { presenceOf } from '../trace-view/roster.ts'
import { OtherTabs } from './other-tabs.ts'
import { RoomControls } from './room-controls.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const ids = Array.from({ length: 40 }, (_, i) => `n${String(i).padStart(2, '0')}`)
const voters = ids.slice(0, 5)
const configuration = {
  members: ids.map((id, i) => ({ id, name: `S${i + 1}` })),
  voters,
  oldVoters: [],
  namesGiven: ids.length,
  expelled: [],
}
const started = {
  type: 'started',
  at: 0,
  term: 2,
  votedFor: undefined,
  snapshotIndex: 0,
  snapshotTerm: 0,
  entries: [],
  configuration,
} as const
const linksOf = (id: NodeId) => wantedLinks(id, { members: ids, voters }, ids)

const clock = {
  now: () => Date.now(),
  setTimer(at: number, fire: () => void) {
    const timer = setTimeout(fire, at - Date.now())
    return () => clearTimeout(timer)
  },
}

/** @param edge tells nothing, and reads nothing of what tabs tell each other */
function crowd(edge?: NodeId) {
  let bytes = 0
  const told = new Map<NodeId, number>()
  const heard = new Map<NodeId, number>()
  const tabs = new Map(ids.map(id => [id, tab(id)]))
  function tab(self: NodeId) {
    const picture = new Picture(
      () => undefined,
      () => Date.now(),
    )
    picture.self = { id: self, now: () => Date.now() }
    const controls = new RoomControls(self)
    const commands: string[] = []
    const others = new OtherTabs({
      self,
      controls,
      picture,
      clock,
      base: clock,
      send(payload, to) {
        for (const id of to === undefined ? linksOf(self) : [to]) {
          if (!linksOf(self).has(id)) throw new Error(`${self} has no link to ${id}`)
          bytes += payload.byteLength
          told.set(self, (told.get(self) ?? 0) + payload.byteLength)
          heard.set(id, (heard.get(id) ?? 0) + payload.byteLength)
          if (id !== edge) tabs.get(id)?.others.onPayload(self, payload)
        }
      },
      onControls: () => undefined,
      onCommand: (command, by) => commands.push(`${command} by ${by}`),
    })
    const own = (body: TraceEvent): void => {
      picture.own(body)
      others.tell(body)
    }
    return { others, picture, controls, commands, own }
  }
  for (const [node, { own }] of tabs) {
    if (node === edge) continue
    own({ ...started, node })
    for (const peer of linksOf(node)) own({ type: 'link', node, at: 0, peer, up: true })
  }
  vi.advanceTimersByTime(3_000)
  const of = (id: NodeId) => {
    const found = tabs.get(id)
    if (found === undefined) throw new Error(`no ${id}`)
    return found
  }
  const begin = (): void => {
    told.clear()
    heard.clear()
  }
  return { of, all: [...tabs.values()], bytes: () => bytes, told, heard, begin }
}

const learner = 'n07'
/** Neither a voter, nor beside it on the ring. */
const far = 'n11'

describe('the tabs of a room of many', () => {
  it('see everybody here, and what becomes of those that they have no link to', () => {
    const { of } = crowd()
    expect(linksOf(learner).has(far)).toBe(false)
    for (const id of ids) expect(presenceOf(of(learner).picture.view, learner, id), id).toBe('here')

    of(far).own({ type: 'crashed', node: far, at: 1, reason: 'on purpose' })
    vi.advanceTimersByTime(3_000)
    expect(presenceOf(of(learner).picture.view, learner, far)).toBe('crashed')
  })

  it('are told so also where one of those who vote is no tab, and tells nothing', () => {
    const { of } = crowd('n02')
    for (const id of ids.slice(5))
      for (const other of ids) expect(presenceOf(of(id).picture.view, id, other), `${other} for ${id}`).toBe('here')
  })

  it('are told by those who come to vote at the very moment at which they would tell', () => {
    const { of } = crowd()
    const change = { type: 'configuration', at: 1, stage: 'committed' } as const
    for (const node of voters)
      of(node).own({ ...change, node, index: 9, configuration: { ...configuration, voters: [] } })
    vi.advanceTimersByTime(990)
    for (const node of voters) of(node).own({ ...change, node, index: 10, configuration })
    vi.advanceTimersByTime(1_000)
    of(far).own({ type: 'crashed', node: far, at: 1, reason: 'on purpose' })
    for (const node of voters) of(node).own({ type: 'timer', node, at: 3, startedAt: 3, deadline: 900, reason: '' })
    vi.advanceTimersByTime(3_000)
    expect(presenceOf(of(learner).picture.view, learner, far)).toBe('crashed')
  })

  it('are all told of a change of the controls, once', () => {
    const { of, all, bytes } = crowd()
    of(learner).others.tellSettings(of(learner).controls.setPace(5))
    expect(all.map(({ controls }) => controls.pace)).toEqual(ids.map(() => 5))
    vi.advanceTimersByTime(1_000)
    const before = bytes()
    vi.advanceTimersByTime(1_000)
    expect(bytes() - before).toBeLessThan(20_000)
  })

  it('are told what a node is called that they have no link to', () => {
    const { of } = crowd()
    of(far).others.tellName('Ada')
    expect(of(learner).picture.view.called.get(far)).toBe('Ada')
    of(far).others.tellName(undefined)
    expect(of(learner).picture.view.called.has(far)).toBe(false)
  })

  it('ask a node to crash that they have no link to, and it hears who asks', () => {
    const { of, all } = crowd()
    of(learner).others.command('crash', far)
    expect(of(far).commands).toEqual([`crash by ${learner}`])
    expect(all.flatMap(({ commands }) => commands)).toHaveLength(1)

    const beside = crowd('n00')
    beside.of(learner).others.command('crash', far)
    expect(beside.of(far).commands).toEqual([`crash by ${learner}`])
  })

  it('hear nothing of the messages of those who do not vote', () => {
    const { of, bytes } = crowd()
    const before = bytes()
    const message = { id: 'x', from: 'n00', to: far, type: 'AppendEntries', term: 2, size: 0 } as const
    for (let i = 0; i < 1_000; i += 1) of(far).own({ type: 'delivered', node: far, at: i, message })
    vi.advanceTimersByTime(900)
    expect(bytes() - before).toBeLessThan(20_000)
  })

  it('cost little while nothing happens but heartbeats: a voter tells some 35 kB a second in all, a learner hears 4 and tells nothing', () => {
    const { of, told, heard, begin } = crowd()
    vi.advanceTimersByTime(10_000)
    begin()
    let count = 0
    const seconds = 10
    for (let beat = 0; beat < 10 * seconds; beat += 1) {
      for (const to of ids.slice(1)) {
        const at = Date.now()
        count += 1
        const asked = { id: `q${count}`, from: 'n00', to, type: 'AppendEntries', term: 2, size: 0 } as const
        const answered = {
          id: `a${count}`,
          from: to,
          to: 'n00',
          type: 'AppendEntriesResult',
          term: 2,
          size: 0,
        } as const
        of('n00').own({ type: 'sent', node: 'n00', at, message: asked, delayMs: 0 })
        of(to).own({ type: 'delivered', node: to, at, message: asked })
        of(to).own({ type: 'timer', node: to, at, startedAt: at, deadline: at + 900, reason: 'heard the leader' })
        of(to).own({ type: 'sent', node: to, at, message: answered, delayMs: 0 })
        of('n00').own({ type: 'delivered', node: 'n00', at, message: answered })
      }
      vi.advanceTimersByTime(100)
    }
    for (const voter of voters) expect((told.get(voter) ?? 0) / seconds).toBeLessThan(50_000)
    expect((heard.get(learner) ?? 0) / seconds).toBeLessThan(6_000)
    expect(told.get(learner)).toBeUndefined()
  })
})

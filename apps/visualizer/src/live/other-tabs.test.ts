import type { NodeId } from '@flotilla/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Picture } from '../store/picture.ts'
import { Script } from '../trace-view/fixtures/script.ts'
import { presenceOf } from '../trace-view/roster.ts'
import { lastWords } from './node/last-words.ts'
import { decodeObservation, type Observation } from './observation.ts'
import { OtherTabs } from './other-tabs.ts'
import { RoomControls } from './room-controls.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Tabs that hear each other at once; the clock and the timers are vitest's. */
function room(...ids: NodeId[]) {
  const clock = {
    now: () => Date.now(),
    setTimer(at: number, fire: () => void) {
      const timer = setTimeout(fire, at - Date.now())
      return () => clearTimeout(timer)
    },
  }
  const sent: { readonly from: NodeId; readonly to: NodeId | undefined; readonly what: Observation['kind'] }[] = []
  const tabs = new Map<NodeId, ReturnType<typeof tab>>()
  function tab(self: NodeId) {
    const picture = new Picture(
      () => undefined,
      () => Date.now(),
    )
    picture.self = { id: self, now: () => Date.now() }
    const controls = new RoomControls(self)
    const heard: string[] = []
    const others = new OtherTabs({
      self,
      controls,
      picture,
      clock,
      base: clock,
      send(payload, to) {
        const { observation } = decodeObservation(payload, self)
        if (observation) sent.push({ from: self, to, what: observation.kind })
        for (const [id, { others }] of tabs) if (id !== self && (to ?? id) === id) others.onPayload(self, payload)
      },
      onControls: () => heard.push('controls'),
      onCommand: command => heard.push(command),
    })
    const presenceHere = (id: NodeId) => presenceOf(picture.view, self, id)
    return { others, picture, controls, heard, presenceHere }
  }
  const open = (id: NodeId) => {
    const opened = tab(id)
    tabs.set(id, opened)
    return opened
  }
  return { open, tabs: ids.map(open), sent }
}

describe('OtherTabs', () => {
  it('welcomes whoever says hello with everything that it may have missed', () => {
    const { open, tabs } = room('a', 'gone')
    const [a, gone] = tabs
    for (const event of new Script(['gone']).events) gone?.others.tell(event)
    gone?.others.tell({ type: 'stopped', node: 'gone', at: 1 })
    gone?.others.flush()
    a?.controls.setCut([['a', 'b']], true)
    const late = open('late')
    expect(late.presenceHere('gone')).toBe('unreachable')
    late.others.meet()
    expect(late.presenceHere('gone')).toBe('closed')
    expect(late.controls.isCut('a', 'b')).toBe(true)
    expect(late.heard).toEqual(['controls'])
  })

  it('tells of changed controls once, and nothing when nothing changed', () => {
    const { tabs, sent } = room('a', 'b')
    const [a, b] = tabs
    a?.others.tellSettings([])
    expect(sent).toEqual([])
    a?.others.tellSettings(a.controls.setPace(20))
    expect([b?.controls.pace, b?.heard, sent.length]).toEqual([20, ['controls'], 1])
    b?.others.tellSettings(b.controls.all())
    expect(a?.heard).toEqual([])
  })

  it('passes a command to the tab that it is for, and to no other', () => {
    const { tabs } = room('a', 'b', 'c')
    tabs[0]?.others.command('crash', 'b')
    expect(tabs.map(({ heard }) => heard)).toEqual([[], ['crash'], []])
  })

  it('tells at once, before its page closes, what it would have told soon', () => {
    const { tabs } = room('a', 'b')
    const [a, b] = tabs
    a?.others.tell({ type: 'crashed', reason: 'asked to', node: 'a', at: 1 })
    a?.others.flush()
    expect(b?.presenceHere('a')).toBe('crashed')
    b?.others.onPayload('a', lastWords('a', 2, []))
    // What is told in batches would come later, and the tab would be crashed and not closed.
    vi.runAllTimers()
    expect(b?.presenceHere('a')).toBe('closed')
  })
})

import type { TraceEvent } from '@flotilla/core'
import { describe, expect, it } from 'vitest'
import { Script } from '../trace-view/fixtures/script.ts'
import { Tempo } from './tempo.ts'

const ofA = (events: readonly TraceEvent[]) => events.filter(event => event.node === 'a')

function written(count: number, ids: readonly string[]): readonly TraceEvent[] {
  const script = new Script(ids).elect('a')
  const before = script.events.length
  for (let i = 0; i < count; i++) script.write('x ← 1')
  return ofA(script.events.slice(before))
}

describe('Tempo', () => {
  it('is not busy for a single write, even in a room of nine', () => {
    const tempo = new Tempo()
    tempo.note(written(1, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']), 0)
    expect(tempo.busy).toBe(false)
  })

  it('is never busy for messages alone: heartbeats go on all the time', () => {
    const tempo = new Tempo()
    const messages = written(500, ['a', 'b', 'c']).filter(event => event.type === 'sent')
    tempo.note(messages, 0)
    expect(tempo.busy).toBe(false)
  })

  it('is busy under a flood, and no longer a moment after it', () => {
    const tempo = new Tempo()
    tempo.note(written(1_000, ['a', 'b', 'c']), 0)
    expect(tempo.busy).toBe(true)
    tempo.note([], 1_000)
    expect(tempo.busy).toBe(false)
  })
})

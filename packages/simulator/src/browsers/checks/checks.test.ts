import { describe, expect, test } from 'vitest'
import { Page } from '../../runtime/page.ts'
import { Timeline } from '../../runtime/timeline.ts'
import { Ledger } from './ledger.ts'
import { OneVoice } from './one-voice.ts'

/** What the ledger finds, of commands that took effect at these places. */
function found(ledger: Ledger, places: Record<string, number>, lost: readonly string[] = []): string[] {
  const properties: string[] = []
  ledger.judge(
    id => places[id],
    new Set(lost),
    property => () => void properties.push(property),
  )
  return properties
}

function saved(...ids: readonly string[]): Ledger {
  const ledger = new Ledger()
  ids.forEach((id, i) => {
    ledger.submitted(id, 0)
    ledger.onDisk(id, 'line', i + 1)
    ledger.told(id, 'saved')
  })
  return ledger
}

describe('the ledger', () => {
  test('asks of what was saved that it takes effect or is told as lost', () => {
    expect(found(saved('a', 'b'), { a: 1 })).toEqual(['Saved Is Kept'])
    expect(found(saved('a', 'b'), { a: 1 }, ['b'])).toEqual([])
  })

  test('asks it of no disk that is gone', () => {
    const ledger = saved('a')
    ledger.diskLost(0)
    expect(found(ledger, {})).toEqual([])
  })

  test('asks of what was refused that it has no effect', () => {
    const ledger = new Ledger()
    ledger.submitted('a', 0)
    ledger.told('a', 'refused')
    expect(found(ledger, {})).toEqual([])
    expect(found(ledger, { a: 1 })).toEqual(['Refused Is Not Sent'])
  })

  test('asks of a line that it takes effect in its order', () => {
    expect(found(saved('a', 'b', 'c'), { a: 1, c: 3 }, ['b'])).toEqual([])
    expect(found(saved('a', 'b'), { a: 2, b: 1 })).toEqual(['Order Of A Line'])
  })
})

test('whoever was robbed of a node may speak until it can have noticed, and again after it stood still', () => {
  const reports: string[] = []
  const voice = new OneVoice(detail => void reports.push(detail))
  const page = new Page(new Timeline(), 0, 1)
  voice.sent('n', page, 0)
  voice.sent('n', page, 1_000)
  voice.woke(page)
  voice.sent('n', page, 9_000)
  expect(reports).toEqual([])
  voice.sent('n', page, 12_000)
  expect(reports).toHaveLength(1)
})

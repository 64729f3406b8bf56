import { expect, it } from 'vitest'
import { Script } from './fixtures/script.ts'
import { reduce } from './reduce.ts'
import { seating } from './seating.ts'
import { emptyView } from './view.ts'

it('leaves every seat as it was but the one to which something happened', () => {
  const seated = seating()
  const script = new Script(['a', 'b', 'c']).elect('a')
  const before = script.events.reduce(reduce, emptyView)
  const first = seated(before, undefined)
  expect(seated(before, undefined)).toBe(first)
  const second = seated(reduce(before, { type: 'crashed', reason: 'asked to', node: 'b', at: 0 }), undefined)
  expect(second.map((seat, i) => seat === first[i])).toEqual([true, false, true])
})

it('takes whoever runs for present when nobody of them watches', () => {
  const script = new Script(['a', 'b', 'c']).elect('a').close('b').crash('c')
  const view = script.events.reduce(reduce, emptyView)
  expect(seating()(view, undefined).map(({ presence }) => presence)).toEqual(['here', 'closed', 'crashed'])
})

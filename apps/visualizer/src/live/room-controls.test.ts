import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PACES, RoomControls } from './room-controls.ts'

describe('RoomControls', () => {
  it('cuts and heals a link in both directions', () => {
    const controls = new RoomControls('b')
    controls.setCut([['b', 'a']], true)
    expect(controls.isCut('a', 'b')).toBe(true)
    expect(controls.isCut('b', 'a')).toBe(true)
    expect(controls.cutFrom('a')).toEqual(['b'])
    expect(controls.isCutOff('a')).toBe(true)
    expect(controls.isCutOff('c')).toBe(false)
    controls.setCut([['a', 'b']], false)
    expect(controls.cuts()).toEqual([])
  })

  it('loses neither of two different links that two tabs cut at once', () => {
    const a = new RoomControls('a')
    const b = new RoomControls('b')
    const fromA = a.setCut([['a', 'c']], true)
    const fromB = b.setCut([['b', 'c']], true)
    a.merge(fromB)
    b.merge(fromA)
    expect(a.cuts()).toHaveLength(2)
    expect(b.cuts()).toHaveLength(2)
  })

  it('agrees everywhere, in whatever order and however often the news arrive', () => {
    const change = fc.record({
      tab: fc.nat(2),
      pace: fc.constantFrom(...PACES),
      link: fc.constantFrom('a', 'b', 'c'),
      cut: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.infiniteStream(fc.nat(100)), (changes, dice) => {
        const tabs = [new RoomControls('a'), new RoomControls('b'), new RoomControls('c')]
        const news = changes.flatMap(({ tab, pace, link, cut }) => {
          const controls = tabs[tab]
          return controls ? [...controls.setPace(pace), ...controls.setCut([[link, 'd']], cut)] : []
        })
        for (const controls of tabs) {
          const shuffled = news.map(item => ({ item, key: dice.next().value ?? 0 })).sort((x, y) => x.key - y.key)
          for (const { item } of shuffled) controls.merge([item, item])
        }
        const [first, ...rest] = tabs.map(controls => ({
          pace: controls.pace,
          cuts: controls.cuts().map(String).sort(),
        }))
        for (const other of rest) expect(other).toEqual(first)
      }),
    )
  })

  it('tells a newcomer everything at once', () => {
    const old = new RoomControls('a')
    old.setPace(20)
    old.setCut([['a', 'b']], true)
    const fresh = new RoomControls('z')
    expect(fresh.merge(old.all())).toBe(true)
    expect(fresh.merge(old.all())).toBe(false)
    expect([fresh.pace, fresh.isCut('a', 'b')]).toEqual([20, true])
  })

  it('does not let a sender make up controls or fill its memory', () => {
    const controls = new RoomControls('a')
    const by = 'evil'
    controls.merge([
      { key: 'cut:b|a', value: 1, counter: 1, by },
      { key: 'cut:a|b|c', value: 1, counter: 1, by },
      { key: '__proto__', value: 1, counter: 1, by },
      { key: 'pace', value: 1e9, counter: 1, by },
    ])
    expect(controls.cuts()).toEqual([])
    expect(controls.pace).toBe(1)
    controls.merge(Array.from({ length: 9_999 }, (_, i) => ({ key: `cut:a|b${i}`, value: 1, counter: 1, by })))
    expect(controls.all().length).toBeLessThanOrEqual(2_048)
  })

  it('kept by one tab, are changed by that one only, until it hands them out', () => {
    const [a, b] = [new RoomControls('a'), new RoomControls('b')]
    b.merge(a.setPace(5))
    a.merge(b.setCut([['b', 'c']], true))
    b.merge(a.keep())
    expect([a.keeper, b.keeper]).toEqual(['a', 'a'])
    expect(b.setPace(50)).toEqual([])
    expect(b.setCut([['b', 'c']], false)).toEqual([])
    expect(b.mayChange('a')).toBe(true)
    b.merge(a.setPace(20))
    expect([b.pace, b.cuts()]).toEqual([20, [['b', 'c']]])

    // Who comes later is told by somebody else, and takes it from the keeper all the same.
    const late = new RoomControls('d')
    late.merge(b.all())
    expect([late.pace, late.keeper, late.cuts().length]).toEqual([20, 'a', 1])

    late.merge(a.handOut())
    b.merge(a.all())
    expect(b.setPace(1)).toHaveLength(1)
    expect(late.keeper).toBeUndefined()
  })

  it('kept by one tab, take over nothing from a tab that does not care', () => {
    const [a, b] = [new RoomControls('a'), new RoomControls('b')]
    const rude = b.setPace(50)
    b.merge(a.keep())
    a.merge(rude)
    a.merge([{ key: 'pace', value: 20, counter: 1_000, by: 'x' }])
    expect(a.pace).toBe(1)
    expect(b.pace).toBe(1)
  })

  it('are taken over when the tab that kept them is gone', () => {
    const [a, b] = [new RoomControls('a'), new RoomControls('b')]
    b.merge(a.keep())
    expect(b.keep()).toHaveLength(1)
    expect(b.keeper).toBe('b')
    a.merge(b.all())
    expect(a.mayChange()).toBe(false)
  })
})

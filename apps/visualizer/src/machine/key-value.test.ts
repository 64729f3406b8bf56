import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  describeCommand,
  KeyValueMachine,
  type KvCommand,
  MAX_KEY_LENGTH,
  MAX_VALUE_LENGTH,
  problemWith,
} from './key-value.ts'

const at = { index: 1, term: 1 }
const set = (key: string, value: string): KvCommand => ({ type: 'set', key, value })
const key = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter(text => problemWith(text, '') === undefined)
const value = fc.string({ unit: 'grapheme', maxLength: 40 }).filter(text => problemWith('k', text) === undefined)

describe('KeyValueMachine', () => {
  it('answers what was written last', () => {
    const machine = new KeyValueMachine()
    machine.apply(set('x', '1'), at)
    machine.apply(set('x', '2'), at)
    expect(machine.get('x')).toBe('2')
    expect(machine.get('y')).toBeUndefined()
  })

  it('has the same snapshot whatever the order of the keys, and restores exactly it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(key, value), { selector: ([k]) => k }), pairs => {
        const one = new KeyValueMachine()
        const other = new KeyValueMachine()
        for (const [k, v] of pairs) one.apply(set(k, v), at)
        for (const [k, v] of pairs.toReversed()) other.apply(set(k, v), at)
        expect(one.snapshot()).toEqual(other.snapshot())
        const restored = new KeyValueMachine()
        restored.apply(set('left over', 'from before'), at)
        restored.restore(one.snapshot())
        expect(restored.entries()).toEqual(one.entries())
      }),
    )
  })

  it('takes keys that mean something to objects as plain keys', () => {
    const machine = new KeyValueMachine()
    machine.apply(set('__proto__', 'polluted'), at)
    machine.apply(set('constructor', 'polluted'), at)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(machine.entries()).toEqual([
      ['__proto__', 'polluted'],
      ['constructor', 'polluted'],
    ])
    expect(machine.get('toString')).toBeUndefined()
  })

  it('changes nothing when it is given what is no snapshot', () => {
    const machine = new KeyValueMachine()
    machine.apply(set('x', '1'), at)
    for (const text of ['', '{}', '[["a"]]', '[["a",1]]', '[["a","1"],["a","2"]]', '[["","1"]]', 'null', '['])
      expect(() => machine.restore(new TextEncoder().encode(text)), text).toThrow()
    expect(() => machine.restore(Uint8Array.of(0xff, 0xfe))).toThrow()
    expect(machine.entries()).toEqual([['x', '1']])
  })

  it('reads back every command it can write', () => {
    const { command } = new KeyValueMachine()
    fc.assert(
      fc.property(key, value, (k, v) => {
        expect(command.decode(command.encode(set(k, v)))).toEqual(set(k, v))
      }),
    )
  })

  it('refuses bytes that no command has', () => {
    const { command } = new KeyValueMachine()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
        expect(() => command.decode(bytes)).toThrow()
      }),
    )
    for (const text of ['["a"]', '["a","b","c"]', '[1,2]', '{"key":"a"}', `["${'k'.repeat(65)}",""]`])
      expect(() => command.decode(new TextEncoder().encode(text)), text).toThrow()
  })

  it('bounds keys and values, and refuses broken text', () => {
    expect(problemWith('', 'v')).toBe('emptyKey')
    expect(problemWith('k'.repeat(MAX_KEY_LENGTH), 'v'.repeat(MAX_VALUE_LENGTH))).toBeUndefined()
    expect(problemWith('k'.repeat(MAX_KEY_LENGTH + 1), '')).toBe('keyTooLong')
    expect(problemWith('k', 'v'.repeat(MAX_VALUE_LENGTH + 1))).toBe('valueTooLong')
    expect(problemWith('k', '\ud800')).toBe('brokenText')
    expect(() => new KeyValueMachine().command.encode(set('', 'v'))).toThrow(RangeError)
    expect(describeCommand(set('x', '3'))).toBe('x ← 3')
  })

  it('keeps the arrow’s direction beside text that runs from right to left', () => {
    // It turned round, so that the value seemed to be the key.
    expect(describeCommand(set('מנורה', 'on'))).toBe('\u2068מנורה\u2069 ← on')
    // A mark that turns everything after it stays out of the picture.
    expect(describeCommand(set('x', '\u202etxt'))).toBe('x ← \u2068\ufffdtxt\u2069')
  })
})

import { expect, test } from 'vitest'
import { parseResult, table } from './bench-report.mjs'

test('a result needs a name, a value and a unit; anything else a bench prints is passed over', () => {
  expect(parseResult('{"name":"a","value":1.5,"unit":"ms"}')).toEqual({ name: 'a', value: 1.5, unit: 'ms' })
  for (const line of [
    '',
    'warming up',
    '{"name":"a"}',
    '{"name":"a","value":"1","unit":"ms"}',
    '{broken',
    '[]',
    'null',
  ]) {
    expect(parseResult(line), line).toBeUndefined()
  }
})

test('a ratio says against what, or is none', () => {
  const line = { name: 'a', value: 1, unit: 'ms', ratio: 2, against: 'the floor' }
  expect(parseResult(JSON.stringify(line))).toEqual(line)
  expect(parseResult('{"name":"a","value":1,"unit":"ms","ratio":2}')).toEqual({ name: 'a', value: 1, unit: 'ms' })
})

test('the table is aligned', () => {
  const lines = table([
    { name: 'commit', value: 1.2345, unit: 'ms', ratio: 1.5, against: 'the floor' },
    { name: 'core, one by one', value: 1234567.8, unit: 'entries/s' },
  ])
  expect(lines).toEqual([
    '  commit                 1.23 ms         1.50 × the floor',
    '  core, one by one  1,234,568 entries/s',
  ])
})

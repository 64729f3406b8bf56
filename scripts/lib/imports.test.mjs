import { expect, test } from 'vitest'
import { againstFloors, readFloors } from './floors.mjs'
import { circles, importsOf } from './imports.mjs'

test('imports of values, of types, for their effect, passed on and by call are all imports', () => {
  const text = `
import { a } from './a.ts'
import type {
  B,
} from '../b.ts'
import './c.ts'
export * from './d.ts'
export type { E } from './e.ts'
import { core } from '@flotilla/core'
const later = import('./f.ts')
// import { not } from './comment.ts'
const text = "from './text.ts'"
`
  expect(importsOf('room/file.ts', text)).toEqual([
    'room/a.ts',
    'b.ts',
    'room/c.ts',
    'room/d.ts',
    'room/e.ts',
    'room/f.ts',
  ])
})

test('circles are found, also through types and of one file with itself, and nothing else is', () => {
  const graph = new Map([
    ['top', ['a', 'alone', 'elsewhere']],
    ['a', ['b']],
    ['b', ['c', 'alone']],
    ['c', ['a']],
    ['alone', []],
    ['self', ['self']],
  ])
  expect(circles(graph)).toEqual([['a', 'b', 'c'], ['self']])
})

const table = `
## Floors

| Room | What |
|---|---|
| \`roof.ts\` | top |
| **\`hall/\`**, \`hall.ts\` | middle \`not/a/room.ts\` |
| \`hall/cellar.ts\` | bottom |

| \`another/\` | table |
`

test('the floors are the code words in the first column of the first table under a heading', () => {
  expect(readFloors(table, '## Floors')).toEqual([['roof.ts'], ['hall/', 'hall.ts'], ['hall/cellar.ts']])
  expect(() => readFloors(table, '## Roofs')).toThrow('## Roofs')
})

test('an import may stay on its floor or run down, never up; a file of its own name is on its own floor', () => {
  const floors = readFloors(table, '## Floors')
  const fine = new Map([
    ['index.ts', ['roof.ts']],
    ['roof.ts', ['hall/a.ts']],
    ['hall.ts', ['hall/a.ts']],
    ['hall/a.ts', ['hall/cellar.ts']],
    ['hall/cellar.ts', []],
  ])
  expect(againstFloors(fine, floors)).toEqual([])
  expect(againstFloors(new Map([...fine, ['hall/cellar.ts', ['hall/a.ts']]]), floors)).toEqual([
    'hall/cellar.ts imports hall/a.ts, which is above it',
  ])
  expect(againstFloors(new Map([...fine, ['hall/a.ts', ['index.ts']]]), floors)).toHaveLength(1)
})

test('a file without a floor and a floor without a file are told', () => {
  expect(againstFloors(new Map([['shed.ts', []]]), [['roof.ts']])).toEqual([
    'shed.ts is on no floor',
    'there is no roof.ts, though it has a floor',
  ])
})

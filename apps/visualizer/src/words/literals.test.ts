/** No words for people stand in code: they are in the catalogues, where there is one in each language. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { literalsIn } from './literals.ts'

const source = join(import.meta.dirname, '..')

/** Scripted scenes for development: no visitor sees them. */
const OUTSIDE = /^(words|dev)\/|\.test\.tsx?$|\/fixtures\//

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map(path => relative(source, join(source, path)))
  .filter(path => /\.tsx?$/.test(path) && !OUTSIDE.test(path))

/** Words of a trace's own, by which it is told what somebody else's program means. */
const IDS = [
  'told to a late watcher',
  'open a session',
  'go on without the lost majority',
  'later term',
  'stale term',
  'the leader handed over',
  'it was dropped',
]

it('there are files to look through', () => {
  expect(files.length).toBeGreaterThan(20)
})

it.each(files)('%s has no words of its own', path => {
  const found = literalsIn(path, readFileSync(join(source, path), 'utf8'))
  expect(found.filter(each => !IDS.some(id => each.endsWith(`: ${id}`)))).toEqual([])
})

it('words in an element, in an attribute for people, in a sentence and in a choice are found', () => {
  const found = (code: string) => literalsIn('x.tsx', code)
  expect(found('const a = <p>Add a node</p>')).toEqual(['1: Add a node'])
  expect(found('const a = <p aria-label="Node" className="card" />')).toEqual(['1: Node'])
  expect(found('const a = <p>{open ? "close" : "open"}</p>')).toEqual(['1: close', '1: open'])
  expect(found('const a = `Entry $' + '{n} is committed`')).toEqual(['1: Entry {} is committed'])
  expect(found("const a = { name: 'Learn' }")).toEqual(['1: Learn'])
})

it('what is for programs is not', () => {
  const found = (code: string) => literalsIn('x.tsx', code)
  expect(found("if (key === 'Escape') throw new Error('rendered outside of a stage')")).toEqual([])
  expect(found('const a = <path className="mark above" d="M 0 0 L 1 1" fill="none" />')).toEqual([])
  expect(found("const a = <i className={on ? 'cell on' : 'cell'} />; import('./x y.ts')")).toEqual([])
  expect(found("type A = 'stale term'; switch (a) { case 'stale term': break }")).toEqual([])
})

/**
 * `npm run explore -- [--json] [--nightly] [--with A,B] [--nodes N] [--terms T] [--proposals P] [--crashes C] [--messages M] [--states S]`:
 * every state that a small cluster of real cores can reach within these bounds; with `duplicates`, `reads`, `changes` (of
 * the membership) and `compactions`, one of each that is named. Ends with 1 on a violation.
 */

import { type Bounds, explore } from '../explorer/explore.ts'
import { endWith, readArguments } from './command-line.ts'

const usage =
  'explore [--json] [--nightly] [--preVote] [--with duplicates,reads,changes,compactions] [--nodes N] [--terms T] [--proposals P] [--crashes C] [--messages M] [--states S]'
const values = readArguments(
  {
    options: {
      json: { type: 'boolean', default: false },
      nightly: { type: 'boolean', default: false },
      preVote: { type: 'boolean', default: false },
      with: { type: 'string', default: '' },
      nodes: { type: 'string' },
      terms: { type: 'string' },
      proposals: { type: 'string' },
      crashes: { type: 'string' },
      messages: { type: 'string' },
      states: { type: 'string' },
    },
  } as const,
  usage,
)
const usual = values.nightly
  ? { nodes: 3, terms: 4, proposals: 2, crashes: 2, messages: 5, states: 1_500_000 }
  : { nodes: 3, terms: 3, proposals: 1, crashes: 1, messages: 3, states: 50_000 }
const given = (name: keyof typeof usual): number => Number(values[name] ?? usual[name])
const alphabets = ['duplicates', 'reads', 'changes', 'compactions']
const named = values.with === '' ? [] : values.with.split(',')
if (!named.every(name => alphabets.includes(name))) endWith(usage)
const one = (name: string): number => (named.includes(name) ? 1 : 0)
const bounds: Bounds = {
  nodes: given('nodes'),
  terms: given('terms'),
  proposals: given('proposals'),
  crashes: given('crashes'),
  messages: given('messages'),
  states: given('states'),
  preVote: values.preVote,
  duplicates: one('duplicates'),
  reads: one('reads'),
  changes: one('changes'),
  compactions: one('compactions'),
}
if (!Object.values(bounds).every(bound => typeof bound === 'boolean' || (Number.isSafeInteger(bound) && bound >= 0))) {
  endWith(usage)
}

const started = performance.now()
const { states, depth, exhausted, violations } = explore(bounds, undefined, sofar => {
  if (!values.json) console.error(`${sofar.toLocaleString('en')} states`)
})
const seconds = (performance.now() - started) / 1000
const statesPerSecond = Math.round(states / seconds)
if (values.json) {
  const found = violations.map(({ property, detail, story }) => ({ property, detail, story }))
  console.log(JSON.stringify({ states, statesPerSecond, depth, exhausted, violations: found }))
} else {
  for (const { property, detail, story } of violations) console.log(`${property}: ${detail}\n${story.join('\n')}`)
  console.log(
    `${states.toLocaleString('en')} states to a depth of ${depth}${exhausted ? ', which is all there are within the bounds' : ''}, ` +
      `${statesPerSecond.toLocaleString('en')}/s, ${violations.length} violations`,
  )
}
process.exitCode = violations.length > 0 ? 1 : 0

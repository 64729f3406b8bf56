import fc from 'fast-check'
import { expect, test } from 'vitest'
import { simulate } from '../driver/run.ts'
import { Random } from '../ground/random.ts'
import { plantedBugs } from '../planted/bugs.ts'
import { optionsFor } from '../planted/hunt.ts'
import { record, replay } from '../stories/replay.ts'
import { Corpus } from './corpus.ts'
import { Coverage } from './coverage.ts'
import { genomeFrom, genomeOf, optionsOf, textOf } from './genome.ts'

test('a day whose parts are all of one seed is the day of that seed', () => {
  for (const seed of [1, 2, 3]) {
    const { traceHash } = simulate(seed, optionsOf(genomeOf(() => seed)))
    expect(traceHash).toBe(simulate(seed).traceHash)
  }
})

test('what is written of a day is that day', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), seeds => {
      const text = seeds.join('.')
      const genome = genomeFrom(text)
      expect(genome && textOf(genome)).toBe(text)
    }),
  )
  for (const text of ['', '1.2.3', '1.2.3.4.5.6.7.x', '1.2.3.4.5.6.7.-8']) expect(genomeFrom(text)).toBeUndefined()
})

test('a bred day that fails is replayed', async () => {
  const bug = plantedBugs.find(({ number }) => number === 15)
  expect(bug).toBeDefined()
  if (bug === undefined) return
  const broken = await optionsFor(bug)
  for (let seed = 1; ; seed++) {
    const options = { ...broken, ...optionsOf(genomeOf(gene => (gene === 'weather' ? seed + 1 : seed))) }
    const recording = record(seed, options)
    if (recording.violation === undefined) continue
    expect(replay(recording, recording.happenings, options)).toEqual(recording.violation)
    return
  }
})

test('a corpus goes on from its file as if it had never stopped', () => {
  const known = (runs: number): Corpus => learnt(new Corpus(), runs)
  const resumed = learnt(Corpus.restore(JSON.parse(JSON.stringify(known(30).save()))), 30)
  expect(resumed.save()).toEqual(known(60).save())
})

test('a corpus stays small, and forgets no pair', () => {
  const corpus = new Corpus()
  for (let day = 1; day <= 1000; day++)
    corpus.learn(
      genomeOf(() => day),
      new Set([day, -day]),
      1,
    )
  expect(corpus.days).toBeLessThanOrEqual(256)
  expect(corpus.size).toBe(2000)
})

test('children have most of their parts from days that hold something rare', () => {
  const corpus = new Corpus()
  corpus.learn(
    genomeOf(() => 7),
    new Set([1]),
    1,
  )
  const children = Array.from({ length: 50 }, (_, run) => corpus.breed(new Random(run, 'test')))
  const like7 = children.filter(child => Object.values(child).filter(seed => seed === 7).length >= 5)
  expect(like7.length).toBeGreaterThan(25)
})

test('a run comes across pairs of states and events, and other days across others', () => {
  const pairsOf = (seed: number): ReadonlySet<number> => {
    const coverage = new Coverage()
    coverage.finish(simulate(seed, { observe: coverage.observe }).marks.keys())
    return coverage.pairs
  }
  const first = pairsOf(1)
  expect(first.size).toBeGreaterThan(20)
  expect(pairsOf(1)).toEqual(first)
  expect([...pairsOf(2)].some(pair => !first.has(pair))).toBe(true)
})

/** What it comes across is made up, and depends on nothing but the day. */
function learnt(corpus: Corpus, runs: number): Corpus {
  for (let i = 0; i < runs; i++) {
    const genome = corpus.breed(new Random(corpus.runs, 'test'))
    const { cluster, weather, faults } = genome
    corpus.learn(genome, new Set([cluster % 50, 50 + (weather % 50), 100 + (faults % 7)]), 10)
  }
  return corpus
}

/**
 * Some browsers with some tabs each share a room, write and read without end, and have all the bad days that the seed has in store for
 * them. In the end everything that befell them is over, and everything that they did has to make sense.
 */
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { signalingServer } from '@flotilla/signaling-server'
import type { HistoryOperation } from '../../packages/simulator/src/histories/format.ts'
import type { Taken } from '../harness/soak.ts'
import { harnessAddress } from '../surroundings.ts'
import { bring } from './faults.ts'
import { History, type Witness } from './history.ts'
import { judgeGrowth, type Minute, measureDisk, measureTab, most, tellMinute } from './memory.ts'
import { planOf, planOfEdges, STEADY_BROWSERS, told } from './plan.ts'
import { pause, SoakedBrowser, type SoakedTab, type Surroundings } from './soaked-browser.ts'
import { SoakedEdge } from './soaked-edge.ts'

export interface SoakOptions {
  readonly seed: number
  readonly minutes: number
  /** At least three. */
  readonly browsers: number
  /** In each; at least two. */
  readonly tabs: number
  /** `flotilla serve`, beside the browsers. */
  readonly edges: number
  /** Everything that was told, line by line. */
  readonly historyFile: string
  /** Hears of all operations on a register, once nothing more is begun on it. */
  readonly onJudged?: (history: readonly HistoryOperation[]) => void
  readonly log: (line: string) => void
  /** Ends it before its time; the verdict is on what was until then. */
  readonly signal?: AbortSignal
}

export interface Verdict {
  readonly wrong: readonly string[]
  readonly grows: readonly string[]
}

/** A set of registers is in use for so long. */
const GENERATION_MS = 20_000
const KEYS_OF_A_GENERATION = 4
/** Until a set is judged: whoever was frozen meanwhile may have used it late. */
const JUDGED_AFTER_GENERATIONS = 4
/** A disk that was full is remembered as full for half a minute, by the browser. */
const MAX_IDLE_MINUTES = 2
const MEASURED_WITHIN_MS = 20_000
const CALM_WITHIN_MS = 240_000

export async function soak(options: SoakOptions): Promise<Verdict> {
  const run = new Soak(options)
  try {
    return await run.run()
  } finally {
    await run.stop()
  }
}

class Soak {
  readonly #options: SoakOptions
  readonly #history: History
  readonly #browsers: SoakedBrowser[] = []
  readonly #edges: SoakedEdge[] = []
  readonly #server = createServer()
  readonly #signaling = signalingServer({ log: () => {}, origins: 'any' })
  readonly #file
  readonly #minutes: Minute[] = []
  readonly #troubles = new Map<string, number>()
  readonly #faults = new Map<string, number>()
  readonly #underWay = new Set<Promise<void>>()
  readonly #leaders = new Set<string>()
  /** By browser, what it last said of its node. */
  readonly #statuses = new Map<number, NonNullable<Taken['status']>>()
  #generation = 0
  #witnesses = 0
  #begun = 0
  #stopped = false

  constructor(options: SoakOptions) {
    this.#options = options
    this.#history = new History(options.onJudged)
    this.#file = mkdir(dirname(options.historyFile), { recursive: true }).then(() =>
      createWriteStream(options.historyFile),
    )
  }

  async run(): Promise<Verdict> {
    const { minutes, seed, browsers, tabs, edges, log } = this.#options
    const { surroundings, signaling, link } = await this.#surroundings()
    const beside = edges > 0 ? `, ${edges} edge nodes` : ''
    log(`seed ${seed}: ${browsers} browsers of ${tabs} tabs${beside}, ${minutes} min`)
    for (let i = 0; i < browsers; i++) this.#browsers.push(await SoakedBrowser.start(i, tabs, surroundings))
    for (let i = 0; i < edges; i++) {
      this.#edges.push(await SoakedEdge.start(link, signaling, what => this.#complain(what)))
    }
    this.#begun = performance.now()
    const until = this.#begun + minutes * 60_000
    try {
      await Promise.all([
        this.#keepFaulting(until),
        this.#keepFaultingEdges(until),
        this.#keepMeasuring(until),
        this.#keepTurning(until),
      ])
      await Promise.all(this.#underWay)
      await this.#calm()
    } catch (error) {
      this.#complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
    return this.#verdict()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all([...this.#browsers, ...this.#edges].map(each => each.stop()))
    await this.#signaling.close()
    this.#server.close()
    const file = await this.#file
    await new Promise<void>(done => file.end(done))
  }

  async #surroundings(): Promise<{
    readonly surroundings: Surroundings
    readonly signaling: string
    readonly link: string
  }> {
    this.#signaling.attach(this.#server)
    await new Promise<void>(done => this.#server.listen(0, 'localhost', done))
    const bound = this.#server.address()
    if (bound === null || typeof bound === 'string') throw new Error('a server on a port has no port')
    const secret = randomBytes(16).toString('base64url')
    const signaling = `ws://localhost:${bound.port}/signaling`
    const asked = new URLSearchParams({ room: 'soak', secret, signaling })
    const surroundings: Surroundings = {
      address: new URL(`soak.html#${asked}`, harnessAddress).href,
      generation: () => this.#generation,
      complain: what => this.#complain(what),
      admit: (browser, tab) => {
        const number = ++this.#witnesses
        const witness: Witness = {
          name: `tab ${browser}.${tab} (${number})`,
          writer: 2 * number,
          least: Number.NEGATIVE_INFINITY,
          most: Number.POSITIVE_INFINITY,
        }
        this.#note({ opened: witness.name, writer: witness.writer })
        return {
          ...witness,
          took: (taken, before, after) => this.#took(browser, witness, taken, before, after),
        }
      },
    }
    return { surroundings, signaling, link: new URL(`#room=soak&key=${secret}`, harnessAddress).href }
  }

  #took(browser: number, witness: Witness, taken: Taken, before: number, after: number): void {
    // Both clocks are the machine's own, so the way there and back bounds how far they are apart.
    witness.least = Math.max(witness.least, before - taken.now)
    witness.most = Math.min(witness.most, after - taken.now)
    this.#history.tell(witness, taken.events, taken.effects)
    if (taken.status?.leader !== undefined) this.#leaders.add(`${taken.status.term}`)
    if (taken.status !== undefined) this.#statuses.set(browser, taken.status)
    for (const event of taken.events)
      if (event.kind === 'trouble') this.#troubles.set(event.why, (this.#troubles.get(event.why) ?? 0) + 1)
    this.#note({ by: witness.name, before, after, ...taken })
  }

  // ---- While it lasts -----------------------------------------------------------------------------------------------

  /** Every browser has a node that runs and, where no edge node does, votes; and nobody else is a member. */
  get #isWhole(): boolean {
    const statuses = [...this.#statuses.values()]
    const ids = new Set(statuses.map(({ id }) => id))
    const { browsers, edges } = this.#options
    return (
      ids.size === browsers &&
      statuses.every(
        ({ state, members }) =>
          state === 'running' &&
          members.length === ids.size + edges &&
          (edges > 0 || members.every(({ id, voter }) => voter && ids.has(id))),
      )
    )
  }

  #isOver(until: number): boolean {
    return (
      performance.now() >= until ||
      this.#stopped ||
      this.#options.signal?.aborted === true ||
      this.#history.wrong.length > 0
    )
  }

  async #keepFaulting(until: number): Promise<void> {
    const { seed, tabs, browsers } = this.#options
    // The others are a majority.
    const atOnce = Math.floor((browsers - 1) / 2)
    for (const { afterMs, fault } of planOf(seed, browsers, tabs)) {
      for (const end = performance.now() + afterMs; performance.now() < end && !this.#isOver(until); ) await pause(100)
      while (this.#underWay.size >= atOnce && !this.#isOver(until)) await pause(100)
      if (this.#isOver(until)) return
      const browser = this.#browsers[fault.browser]
      if (browser === undefined || browser.isBusy) continue
      browser.isBusy = true
      const brought = bring(fault, browser, () => this.#isWhole)
        .then(leftOut => {
          if (leftOut === undefined) this.#faults.set(fault.kind, (this.#faults.get(fault.kind) ?? 0) + 1)
          this.#note({ over: told(fault), leftOut })
        })
        .catch((error: unknown) => this.#complain(`after “${told(fault)}”: ${String(error)}`))
        .finally(() => {
          browser.isBusy = false
          this.#underWay.delete(brought)
        })
      this.#underWay.add(brought)
      this.#note({ fault: told(fault) })
    }
  }

  /** One after the other: two edge nodes need each other, unless a tab votes beside them. */
  async #keepFaultingEdges(until: number): Promise<void> {
    if (this.#edges.length === 0) return
    for (const { afterMs, fault } of planOfEdges(this.#options.seed, this.#edges.length)) {
      for (const end = performance.now() + afterMs; performance.now() < end && !this.#isOver(until); ) await pause(100)
      if (this.#isOver(until)) return
      this.#note({ fault })
      await this.#edges[fault.edge]?.bring(fault)
      this.#faults.set(fault.kind, (this.#faults.get(fault.kind) ?? 0) + 1)
    }
  }

  async #keepTurning(until: number): Promise<void> {
    while (!this.#isOver(until)) {
      this.#generation = Math.floor((performance.now() - this.#begun) / GENERATION_MS)
      this.#history.judgeBelow((this.#generation - JUDGED_AFTER_GENERATIONS) * KEYS_OF_A_GENERATION)
      await pause(500)
    }
  }

  async #keepMeasuring(until: number): Promise<void> {
    for (let minute = 1, before = 0, idle = 0; !this.#isOver(until); minute++) {
      const next = Math.min(until, this.#begun + minute * 60_000)
      while (performance.now() < next && !this.#isOver(until)) await pause(200)
      if (performance.now() < next) return
      this.#minutes.push(await this.#measure())
      await this.#tell(minute)
      idle = this.#history.written === before ? idle + 1 : 0
      if (idle === MAX_IDLE_MINUTES) this.#complain(`for ${idle} minutes, no write of anybody was answered`)
      before = this.#history.written
    }
  }

  /** Of whoever can be asked at this moment. */
  async #measure(): Promise<Minute> {
    const all: Minute[] = []
    for (const browser of this.#browsers) {
      while (browser.isBusy) await pause(50)
      browser.isBusy = true
      try {
        const [first] = browser.tabs
        if (first === undefined) continue
        const stays = browser.index < STEADY_BROWSERS
        const measured = Promise.all([measureDisk(first.page), stays ? measureTab(first.page) : {}])
        // Left out this time where it takes too long: somebody else may have replaced the worker that is asked.
        all.push(...(await Promise.race([measured, pause(MEASURED_WITHIN_MS).then(() => [])])))
        measured.catch(() => {})
      } finally {
        browser.isBusy = false
      }
    }
    return most(all)
  }

  async #tell(minute: number): Promise<void> {
    const { writes, reads } = this.#history
    const faults = [...this.#faults.values()].reduce((sum, n) => sum + n, 0)
    const counts = `${writes} writes, ${reads} reads, ${faults} faults, ${this.#leaders.size} terms`
    const edges = await Promise.all(this.#edges.map(edge => edge.told().catch(() => 'away')))
    const beside = edges.length > 0 ? `; edge nodes ${edges.join(', ')}` : ''
    this.#options.log(`minute ${minute}: ${counts}; ${tellMinute(this.#minutes.at(-1) ?? {})}${beside}`)
  }

  // ---- In the end ---------------------------------------------------------------------------------------------------

  get #tabs(): readonly SoakedTab[] {
    return this.#browsers.flatMap(({ tabs }) => tabs)
  }

  /** Nothing befalls anybody any more: everybody gets rid of what is in the outboxes, and has the same in the end. */
  async #calm(): Promise<void> {
    if (this.#history.wrong.length > 0) return
    this.#options.log('nothing more befalls anybody; everybody gets through what is under way')
    for (const tab of this.#tabs) await tab.ask(tab => tab.rest())
    const end = performance.now() + CALM_WITHIN_MS
    let left = ''
    while (performance.now() < end) {
      left = await this.#unsettled()
      if (left === '') break
      await pause(500)
    }
    if (left !== '') return this.#complain(`${CALM_WITHIN_MS / 1000} s after the last fault: ${left}`)
    // What they had to tell is told within two rounds.
    await pause(2_000)
    const states = await Promise.all(
      this.#tabs.map(async tab => ({ name: tab.name, state: await tab.ask(tab => tab.state()) })),
    )
    const lost = await Promise.all(this.#tabs.map(tab => tab.ask(tab => tab.lost())))
    this.#history.judgeEnd(states, lost.flat())
  }

  async #unsettled(): Promise<string> {
    const applied = new Set<number>()
    const texts = new Set<string>()
    for (const tab of this.#tabs) {
      const waiting = await tab.ask(tab => tab.waiting())
      if (waiting > 0) return `${tab.name} has ${waiting} commands in its outbox`
      applied.add(await tab.ask(tab => tab.lastApplied()))
      texts.add(JSON.stringify(await tab.ask(tab => tab.state())))
    }
    for (const edge of this.#edges) {
      const why = await edge.unsettled()
      if (why !== '') return why
      applied.add(await edge.lastApplied())
    }
    if (applied.size > 1) return `they have applied up to ${[...applied].join(', ')}`
    return texts.size > 1 ? 'the tabs have different states' : ''
  }

  #verdict(): Verdict {
    const { log, seed, historyFile } = this.#options
    const { wrong, writes, reads, unsure, refused } = this.#history
    const minutes = (performance.now() - this.#begun) / 60_000
    log(`\n${minutes.toFixed(1)} min, seed ${seed}: ${writes} writes, ${reads} reads, ${this.#leaders.size} terms`)
    log(`faults: ${counted(this.#faults)}`)
    log(`writes that were refused: ${counted(refused)}; of which nobody was told: ${counted(unsure)}`)
    log(`mended by the nodes themselves: ${counted(this.#troubles)}`)
    const grows: string[] = []
    for (const { measure, growth } of judgeGrowth(this.#minutes)) {
      const from = growth.kind === 'too short' ? '' : `: ${growth.early.toFixed(1)} → ${growth.late.toFixed(1)}`
      log(`${measure}: ${growth.kind}${from}`)
      if (growth.kind === 'grows') grows.push(`${measure} grows${from}`)
    }
    for (const each of wrong) log(`WRONG: ${each}`)
    if (wrong.length > 0) log(`what was told is in ${historyFile}; --seed ${seed} brings the same faults again`)
    else log('linearizable, each write once and those of an outbox in order, nothing saved or acknowledged lost')
    return { wrong, grows }
  }

  #complain(what: string): void {
    if (this.#options.signal?.aborted !== true) this.#history.wrong.push(what)
    this.#note({ wrong: what })
  }

  #note(what: object): void {
    const line = JSON.stringify({ at: performance.now(), ...what })
    this.#file.then(file => file.write(`${line}\n`)).catch(() => {})
  }
}

const counted = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([what, n]) => `${n} × ${what}`).join(', ') || 'none'

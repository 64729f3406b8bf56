/** Three tabs with nodes of ours, and beside each node a bare one that commits without Raft, so that both can be measured in turns. */
import type { JSHandle, Page } from '@playwright/test'
import type { BareTab } from '../harness/bare-tab.ts'

const WRITES_PER_TURN = 20

export interface Beside {
  readonly page: Page
  readonly bare: JSHandle<BareTab>
}

/** The first is the bare leader. */
export async function layBare(leader: Page, followers: readonly Page[]): Promise<readonly [Beside, ...Beside[]]> {
  const lead = await bareIn(leader)
  const others: Beside[] = []
  for (const page of followers) {
    const follower = await bareIn(page)
    const offer = await lead.bare.evaluate(bare => bare.offer())
    const answer = await follower.bare.evaluate((bare, offer) => bare.answer(offer), offer)
    await lead.bare.evaluate((bare, answer) => bare.answered(answer), answer)
    await follower.bare.evaluate(bare => bare.isOpen())
    others.push(follower)
  }
  await lead.bare.evaluate(bare => bare.isOpen())
  return [lead, ...others]
}

async function bareIn(page: Page): Promise<Beside> {
  const bare = await page.evaluateHandle(() => {
    if (window.nodePage === undefined) throw new Error('the page has no node')
    return window.nodePage.bare()
  })
  return { page, bare }
}

/** So many rounds, one after the other in turns: what the machine does meanwhile befalls all. */
export async function inTurns<Name extends string>(
  rounds: number,
  takers: Readonly<Record<Name, () => Promise<readonly number[]>>>,
): Promise<Map<string, number[]>> {
  const taken = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++)
    for (const [name, take] of Object.entries<() => Promise<readonly number[]>>(takers))
      taken.set(name, [...(taken.get(name) ?? []), ...(await take())])
  return taken
}

/** Milliseconds of commits at this tab, in turns with bare ones: as the bare node sees them, and as its page does, which is where ours are seen. */
export async function besideBare(rounds: number, { page, bare }: Beside, of: 'commit' | 'ask'): Promise<Latencies> {
  const asked = [of, WRITES_PER_TURN] as const
  const taken = await inTurns(rounds, {
    bare: () => bare.evaluate((bare, [of, count]) => bare.latencies(of, count), asked),
    bareFromPage: () => bare.evaluate((bare, [of, count]) => bare.latenciesHere(of, count), asked),
    ours: () => page.evaluate(count => window.nodePage?.latencies(count) ?? [], WRITES_PER_TURN),
  })
  const times = (name: string): readonly number[] => taken.get(name) ?? []
  return { bare: times('bare'), bareFromPage: times('bareFromPage'), ours: times('ours') }
}

export interface Latencies {
  readonly bare: readonly number[]
  readonly bareFromPage: readonly number[]
  readonly ours: readonly number[]
}

/** One line each for the median and the 99th percentile, beside both floors. */
export function report(name: string, { bare, bareFromPage, ours }: Latencies): void {
  for (const p of [50, 99] as const) {
    const value = percentile(ours, p)
    const say = (name: string, value: number, beside: object = {}): void =>
      console.log(JSON.stringify({ name: `${name}, p${p}`, value, unit: 'ms', ...beside }))
    say(`bare, ${name}`, percentile(bare, p))
    say(`bare, asked for by the page, ${name}`, percentile(bareFromPage, p))
    say(name, value, { ratio: value / percentile(bare, p), against: `bare, p${p}` })
    say(name, value, { ratio: value / percentile(bareFromPage, p), against: `bare, asked for by the page, p${p}` })
  }
}

export function percentile(times: readonly number[], p: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN
}

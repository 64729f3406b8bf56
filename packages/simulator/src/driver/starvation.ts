/**
 * A machine with more to do than it can: each page gets its turn now and then, and between turns neither its timers ring
 * nor does what arrived get heard. Nobody has failed, and no clock has jumped: all of them are only late.
 */
import type { Random } from '../ground/random.ts'
import type { SimulatedNode } from '../world/node.ts'
import type { Driver } from './driver.ts'

export class Starvation {
  readonly #driver: Driver
  readonly #random: Random
  /** The longest that a page waits for its turn. */
  readonly #waitsMs: number
  readonly #until: number

  constructor(driver: Driver, random: Random, waitsMs: number, lastsMs: number) {
    this.#driver = driver
    this.#random = random
    this.#waitsMs = waitsMs
    this.#until = driver.world.now + lastsMs
    driver.world.marks.sometimes('machine starved')
    for (const node of driver.world.nodes) this.#wait(node)
  }

  #wait(node: SimulatedNode): void {
    const driver = this.#driver
    if (driver.isCalm) return
    const random = this.#random
    const mine = driver.stall(node)
    driver.after(random.between(0, this.#waitsMs), () => {
      if (mine) driver.goOn(node, random.chance(0.5))
      if (driver.world.now >= this.#until) return
      driver.after(random.between(0, this.#waitsMs / 10), () => this.#wait(node))
    })
  }
}

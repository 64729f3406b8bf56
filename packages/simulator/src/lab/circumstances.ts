/** What somebody has done to links, machines and clocks, as of now. A new value whenever it changes, for the picture. */
import type { NodeId } from '@flotilla/core'
import { type Conditions, calmConditions } from './step.ts'

export class Circumstances {
  told: Conditions = calmConditions

  isCut(from: NodeId, to: NodeId): boolean {
    return this.told.cut.some(([a, b]) => a === from && b === to)
  }

  isFrozen(node: NodeId): boolean {
    return this.told.frozen.includes(node)
  }

  cut(from: NodeId, to: NodeId): void {
    if (!this.isCut(from, to)) this.told = { ...this.told, cut: [...this.told.cut, [from, to]] }
  }

  heal(from: NodeId, to: NodeId): void {
    this.told = { ...this.told, cut: this.told.cut.filter(([a, b]) => a !== from || b !== to) }
  }

  healAll(): void {
    this.told = { ...this.told, cut: [] }
  }

  freeze(node: NodeId): void {
    this.told = { ...this.told, frozen: [...this.told.frozen, node] }
  }

  thaw(node: NodeId): void {
    this.told = { ...this.told, frozen: this.told.frozen.filter(id => id !== node) }
  }

  setClockRate(node: NodeId, rate: number): void {
    const { [node]: _, ...others } = this.told.clockRates
    this.told = { ...this.told, clockRates: rate === 1 ? others : { ...others, [node]: rate } }
  }

  /** To whom this node's messages do not get. */
  cutFrom(node: NodeId): NodeId[] {
    return this.told.cut.filter(([from]) => from === node).map(([, to]) => to)
  }
}

/**
 * What the room decides together, outside of Raft: its pace and its cut links. Each is a register that the last writer
 * wins, told to everyone on change and to every newcomer: so two tabs that cut different links at once both succeed.
 *
 * One tab may keep the controls to itself: then the others neither change anything nor take over what anybody else changed. That is
 * a courtesy among tabs that run this page, and no protection from one that does not.
 */
import type { NodeId } from '@flotilla/core'
import type { Setting } from './observation.ts'

/** Wall milliseconds per millisecond of Raft's time. */
export const PACES = [1, 5, 20, 50] as const
export type Pace = (typeof PACES)[number]

/** More links than any room has; a sender cannot make us remember more. */
const MAX_SETTINGS = 2_048

export class RoomControls {
  readonly #self: NodeId
  readonly #settings = new Map<string, Setting>()

  constructor(self: NodeId) {
    this.#self = self
  }

  get pace(): Pace {
    const value = this.#settings.get('pace')?.value
    return PACES.find(pace => pace === value) ?? 1
  }

  /** The node of the tab that keeps the controls to itself. */
  get keeper(): NodeId | undefined {
    const kept = this.#settings.get(KEEPER)
    return kept?.value === 1 ? kept.by : undefined
  }

  /** Whether this tab, or that of `by`, may change anything. */
  mayChange(by = this.#self): boolean {
    return this.keeper === undefined || this.keeper === by
  }

  /** For this tab alone from now on. What it knows of the controls is what they are: it says so itself, of each. */
  keep(): readonly Setting[] {
    const kept = this.#set(KEEPER, 1)
    const others = [...this.#settings.values()].filter(({ key }) => key !== KEEPER)
    return [kept, ...others.map(({ key, value }) => this.#set(key, value))]
  }

  /** For everybody again; also where another tab kept them, for that one may be gone. */
  handOut(): readonly Setting[] {
    return this.keeper === undefined ? [] : [this.#set(KEEPER, 0)]
  }

  isCut(a: NodeId, b: NodeId): boolean {
    return this.#settings.get(linkKey(a, b))?.value === 1
  }

  /** Whether the link between this tab's node and `peer` is cut. */
  isCutOff(peer: NodeId): boolean {
    return this.isCut(this.#self, peer)
  }

  /** Peers of `id` behind a cut link. */
  cutFrom(id: NodeId): readonly NodeId[] {
    return this.cuts()
      .filter(link => link.includes(id))
      .map(([a, b]) => (a === id ? b : a))
  }

  cuts(): readonly (readonly [NodeId, NodeId])[] {
    const links: (readonly [NodeId, NodeId])[] = []
    for (const { key, value } of this.#settings.values()) {
      const link = value === 1 ? parseLink(key) : undefined
      if (link) links.push(link)
    }
    return links
  }

  all(): readonly Setting[] {
    return [...this.#settings.values()]
  }

  setPace(pace: Pace): readonly Setting[] {
    return this.mayChange() ? [this.#set('pace', pace)] : []
  }

  setCut(links: readonly (readonly [NodeId, NodeId])[], cut: boolean): readonly Setting[] {
    if (!this.mayChange()) return []
    return links
      .filter(([a, b]) => a !== b && this.isCut(a, b) !== cut)
      .map(([a, b]) => this.#set(linkKey(a, b), cut ? 1 : 0))
  }

  /** Takes over what is newer; says whether anything was. */
  merge(settings: readonly Setting[]): boolean {
    let changed = false
    // Who keeps the controls decides about the rest.
    for (const setting of settings.toSorted((a, b) => Number(b.key === KEEPER) - Number(a.key === KEEPER))) {
      if (setting.key !== KEEPER && setting.key !== 'pace' && parseLink(setting.key) === undefined) continue
      if (setting.key !== KEEPER && !this.mayChange(setting.by)) continue
      const known = this.#settings.get(setting.key)
      if (known === undefined && this.#settings.size >= MAX_SETTINGS) continue
      if (known && !isNewer(setting, known)) continue
      this.#settings.set(setting.key, setting)
      if (setting.key === KEEPER) this.#forgetOthers()
      changed = true
    }
    return changed
  }

  /** What others than the keeper have set, and the keeper has not taken up. */
  #forgetOthers(): void {
    for (const { key, by } of [...this.#settings.values()]) if (!this.mayChange(by)) this.#settings.delete(key)
  }

  #set(key: string, value: number): Setting {
    const setting = { key, value, counter: (this.#settings.get(key)?.counter ?? 0) + 1, by: this.#self }
    this.#settings.set(key, setting)
    return setting
  }
}

const KEEPER = 'keeper'

function isNewer(a: Setting, b: Setting): boolean {
  return a.counter === b.counter ? a.by > b.by : a.counter > b.counter
}

function linkKey(a: NodeId, b: NodeId): string {
  return a < b ? `cut:${a}|${b}` : `cut:${b}|${a}`
}

function parseLink(key: string): readonly [NodeId, NodeId] | undefined {
  const [a, b, more] = key.startsWith('cut:') ? key.slice(4).split('|') : []
  return a && b && more === undefined && a < b ? [a, b] : undefined
}

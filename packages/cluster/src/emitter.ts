/** Tells an application what happened. A listener that throws is its own problem: the others hear it, and the node goes on. */
import { tell } from './tell.ts'

export class Emitter<Events extends object> {
  readonly #listeners: { [Name in keyof Events]?: Set<(event: Events[Name]) => void> } = {}

  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const set: Set<(event: Events[Name]) => void> = this.#listeners[name] ?? new Set()
    this.#listeners[name] = set
    // Wrapped, so that the same function may listen twice and stop once.
    const entry = (event: Events[Name]): void => listener(event)
    set.add(entry)
    return () => set.delete(entry)
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners[name] ?? [])]) tell(listener, event)
  }
}

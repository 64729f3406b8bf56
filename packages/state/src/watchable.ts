/** A value that changes, as React and other watchers want it: the same object as long as nothing is different. */
export interface Watchable<T> {
  get(): T
  /** Calls at once with what there is, and again whenever it is another. Gives the way to stop. */
  subscribe(listener: (value: T) => void): () => void
}

/** Which numbers of a stream have been heard, as far as it matters: those long before the greatest are taken for heard. */
export class SeenNumbers {
  #greatest = 0
  #recent = new Set<number>()

  isNew(number: number): boolean {
    return number > this.#greatest - WINDOW && !this.#recent.has(number)
  }

  add(number: number): void {
    this.#recent.add(number)
    if (number <= this.#greatest) return
    this.#greatest = number
    if (this.#recent.size > 2 * WINDOW) {
      this.#recent = new Set([...this.#recent].filter(recent => recent > number - WINDOW))
    }
  }
}

/** A text that was overtaken by so many of its stream is given up. */
const WINDOW = 64

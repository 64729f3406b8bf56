/** How fast something goes that is done again and again: one after the other, or many at once. */
export const pace = {
  /** Milliseconds of each of so many. */
  async latencies(act: (i: number) => Promise<unknown>, count: number): Promise<number[]> {
    const times: number[] = []
    for (let i = 0; i < count; i++) {
      const begun = performance.now()
      await act(i)
      times.push(performance.now() - begun)
    }
    return times
  },

  /** How many a second, with so many under way at any moment. */
  async rate(act: (i: number) => Promise<unknown>, inFlight: number, forMs: number): Promise<number> {
    const begun = performance.now()
    let done = 0
    const one = async (): Promise<void> => {
      while (performance.now() - begun < forMs) {
        await act(done)
        done++
      }
    }
    await Promise.all(Array.from({ length: inFlight }, one))
    return (done * 1_000) / (performance.now() - begun)
  },
}

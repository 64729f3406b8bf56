/** Where a card that is carried to this point of the screen would come to stand. */
export function placeUnder(
  x: number,
  y: number,
  carried: string,
): { readonly column: string; readonly place: number } | undefined {
  const under = document.elementsFromPoint(x, y)
  const tab = under.map(element => element.closest<HTMLElement>('[data-tab]')).find(found => found !== null)
  // Of a column that is not shown: at its top.
  if (tab?.dataset.tab !== undefined) return { column: tab.dataset.tab, place: 0 }
  const column = under.map(element => element.closest<HTMLElement>('[data-column]')).find(found => found !== null)
  const id = column?.dataset.column
  if (!column || id === undefined) return undefined
  // Of a long column only what is in sight is in the page; the index says the place.
  const places = [...column.querySelectorAll<HTMLElement>('[data-index]')]
  let before = 0
  for (const place of places) {
    const card = place.querySelector<HTMLElement>('[data-card]')?.dataset.card
    if (card === undefined || card === carried) continue
    const { top, height } = place.getBoundingClientRect()
    if (y < top + height / 2) break
    before = countBefore(places, Number(place.dataset.index), carried) + 1
  }
  return { column: id, place: before }
}

/** Of the cards up to this index, how many others there are: neither the carried one nor the place that is open for it. */
function countBefore(places: readonly HTMLElement[], index: number, carried: string): number {
  const notCards = places.filter(place => {
    if (Number(place.dataset.index) >= index) return false
    const card = place.querySelector<HTMLElement>('[data-card]')?.dataset.card
    return card === undefined || card === carried
  })
  return index - notCards.length
}
